(function () {
  "use strict";
  var form = document.getElementById("filter");
  if (!form) return;
  var input = form.querySelector("input");
  var output = form.querySelector("output");
  var rows = Array.prototype.slice.call(document.querySelectorAll("table.articles tbody tr"));
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  input.addEventListener("input", function () {
    var sought = input.value.trim().toLowerCase();
    var shown = 0;
    rows.forEach(function (row) {
      var fits = row.textContent.toLowerCase().indexOf(sought) >= 0;
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    output.textContent = sought ? shown + " of " + rows.length : "";
  });
})();
