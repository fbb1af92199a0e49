"""An article as sentences of words, each quotation standing as one word.

What is inside quotation marks is hidden from the grammar of the sentence around it, so that
cues and names inside a quotation are never mistaken for the article's own.
"""

import re
from collections.abc import Sequence

from framing.quotes.marks import Quotation, is_title
from framing.quotes.segments import find_sentences
from framing.records import Span

__all__ = [
    "ADVERBS",
    "AUXILIARIES",
    "BE",
    "CONJUNCTIONS",
    "DETERMINERS",
    "PREPOSITIONS",
    "PRONOUNS",
    "SPEAKERS",
    "SUBORDINATORS",
    "TIMES",
    "Sentence",
    "can_speak",
    "find_word_sentences",
    "is_finite",
]

# A hidden quotation: one head, so that two in a row stay two words, and its tail.
_HIDDEN, _TAIL = "\x01", "\x02"
_UNHIDE = str.maketrans({_HIDDEN: "\ufffd", _TAIL: "\ufffd"})  # in the article itself
_LAST_STOP = re.compile(r"[.!?…]+[\"”’»']*$")
_TOKEN = re.compile(
    r"\x01\x02*(?:[.!?…]+[\"”’»']*)?|(?:[A-Za-z]\.){2,}(?:['’]s)?"
    r"|--+|\d+:\d\d|[^\W_]+(?:['’.&\-/][^\W_]+)*|[^\w\s]|_+"
)

DETERMINERS = frozenset(
    """
    the a an this that these those his her their its our my your some many several other another
    one two three four five six seven eight nine ten dozens hundreds thousands no every each both
    all most few any such various certain numerous neither either half
    """.split()
)
PRONOUNS = frozenset("he she it they we i you who".split())
PREPOSITIONS = frozenset(
    """
    in on at during to via by through after before from with of for about over under between among
    against since until without within into despite amid following near outside inside like across
    along around behind beyond throughout upon per
    """.split()
)
SUBORDINATORS = frozenset(
    "while as although though because when whereas if unless since after before until that which "
    "whose where whether what how why than whom once".split()
)
CONJUNCTIONS = frozenset("and but or nor so yet".split())
BE = frozenset("is are was were be been being 's ’s am".split())
_NEGATED = (
    "isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't "
    "couldn't shouldn't can't"
)
AUXILIARIES = BE | frozenset(
    "has have had having do does did will would could should may might must can cannot shall "
    f"not never {_NEGATED} {_NEGATED.replace(chr(39), '’')}".split()
)
ADVERBS = frozenset(
    """
    also later earlier previously repeatedly then now again once still just already only even
    however meanwhile instead too soon today yesterday often always recently first further simply
    quickly openly flatly bluntly there here therefore thus moreover furthermore nevertheless
    nonetheless perhaps additionally separately afterwards afterward elsewhere thereby long since
    ago back rather quite
    """.split()
)
TIMES = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday today yesterday tonight january
    february march april may june july august september october november december feb mar apr
    jun jul aug sep sept oct nov dec morning afternoon evening night week month year
    """.split()
)
_FINITE = frozenset(
    """
    says said went came took made gave got saw knew thought left kept began felt brought stood
    lost met ran paid sent held rose fell grew led won sat became meant put let hit cut set struck
    broke blew bought built burnt caught chose dealt drew drove fed fled flew forgot fought found
    froze hid hung hurt laid lay lit quit rang read rode sank sang saw sold sought shook shot shut
    slept spent spoke spread stole stuck swept swore swung taught told threw tore understood woke
    wore wrote withdrew overran undertook
    seems seemed appears appeared remains remained continues continued includes included wants
    needs needed makes takes gives goes comes shows sees knows thinks believes hopes plans fears
    """.split()
)
# Nouns that can be the source of a report besides names and the agentive suffixes below.
SPEAKERS = frozenset(
    """
    government ministry minister ministers administration agency agencies department office council
    court committee commission parliament congress senate house party group groups organisation
    organization organisations organizations body bodies union association federation army military
    force forces navy police command coalition alliance militia rebels rebel movement faction
    authorities authority officials official spokesman spokeswoman spokesperson spokesmen
    spokespeople president chief chiefs chair chairman chairwoman head king queen prince general
    colonel captain major lieutenant sergeant admiral ambassador envoy diplomat diplomats aide aides
    deputy secretary mayor governor premier chancellor lawmaker lawmakers mp mps judge lawyer
    lawyers attorney prosecutor prosecutors expert experts analyst analysts critic critics
    activist activists witness witnesses resident residents source sources victim victims refugee
    refugees people person man woman men women mother father son daughter brother sister wife
    husband parents family families relative relatives friend friends neighbour neighbours neighbor
    neighbors doctor doctors nurse nurses medic medics surgeon teacher teachers student students
    journalist journalists reporter reporters correspondent newspaper newspapers paper channel
    network station broadcaster outlet outlets media magazine website report reports study studies
    survey surveys poll polls statement letter document documents data figures investigation inquiry
    review assessment audit article editorial filing note memo email message post tweet sides
    monitor monitors observatory observers observer charity charities campaigners campaigner clerics
    cleric bishop priest pastor imam pope rabbi elder elders villagers villager farmers farmer
    soldiers soldier troops veteran veterans commander commanders officer officers pilot pilots
    fighter fighters militants militant insurgents democrats republicans conservatives liberals
    opponents opponent supporters supporter allies ally both others some many few most one another
    guard guards clerk clerks hostage hostages patients
    staff team member members firm company companies bank scholars scholar academics economist
    economists professor scientists historian volunteers survivors survivor workers worker leaders
    leader politicians politician candidate candidates opposition regime state country nation
    kingdom delegation envoys negotiators kremlin pentagon hospital hospitals syndicate
    """.split()
)
_QUANTITIES = frozenset(
    "number numbers group groups handful majority dozen dozens couple lot series some many several "
    "most few one two three hundreds thousands scores half members".split()
)
_CONTRACTIONS = ("'ll", "’ll", "'re", "’re", "'ve", "’ve", "n't", "n’t", "'d", "’d", "'m", "’m")
_AFTER_PARTICIPLE = frozenset(
    "by in as with for on at from near to under between of along into out".split()
)
_NAMING_PARTICIPLES = frozenset("named called known identified".split())
_AGENTIVE = re.compile(r"(?:ers?|ors?|ists?|ians?|ees?|man|men|woman|women|people|persons?|ants?)$")


class Sentence:
    r"""Words of one sentence; index `i` of every list speaks of the same word.

    Attributes:
        text: The article.
        words: As written; a quotation is "\\x01", a title or nickname in marks "Title", and
            "Jan." is "January" ("Jan" is a name).
        lower: In lower case.
        starts: First code point of each word in the article.
        ends: One past the last code point of each word.
        quoted: Index of the quotation a word stands for, or -1.
    """

    __slots__ = ("ends", "lower", "quoted", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.lower: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.quoted: list[int] = []

    def __len__(self) -> int:
        return len(self.words)

    def span(self, first: int, last: int) -> Span:
        """Span of the words `first` to `last` - 1."""
        return Span(self.starts[first], self.ends[last - 1])

    def length(self, index: int) -> int:
        """Code points of a word or quotation."""
        return self.ends[index] - self.starts[index]

    def is_name(self, index: int) -> bool:
        """Whether the word is capitalised (the first word of a sentence may be by position)."""
        return self.words[index][0].isupper()

    def is_word(self, index: int) -> bool:
        """Whether the word is one: no mark and no quotation."""
        return self.words[index][0].isalnum()

    def ends_speech(self, index: int) -> bool:
        """Whether the quotation at `index` ends as speech does, with a stop inside its marks."""
        inner = self.text[self.starts[index] + 1 : self.ends[index]]
        return inner.rstrip("\"”’»'“")[-1:] in tuple(".,!?…—–")

    def starts_low(self, index: int) -> bool:
        """Whether the quotation at `index` begins in the middle of a sentence."""
        start = self.starts[index]
        return self.text[start + 1 : start + 2].islower()


def find_word_sentences(text: str, quotations: Sequence[Quotation]) -> list[Sentence]:
    """Sentences of a text as words, in order."""
    masked, owners = _mask(text, quotations)
    return [
        sentence
        for span in find_sentences(masked)
        if (sentence := _split(text, masked, span, owners, quotations)).words
    ]


def _split(
    text: str,
    masked: str,
    span: Span,
    owners: dict[int, tuple[int, Span]],
    quotations: Sequence[Quotation],
) -> Sentence:
    sentence = Sentence(text)
    words, quoted = sentence.words, sentence.quoted
    starts, ends = sentence.starts, sentence.ends
    for match in _TOKEN.finditer(masked, span.start, span.end):
        start, end = match.span()
        word = match[0]
        if word[0] == _HIDDEN:
            number, part = owners[start]
            title = is_title(text, quotations[number])
            words.append("Title" if title else _HIDDEN)
            quoted.append(-1 if title else number)
            start, end = part
        elif word == "." and end < span.end and words and ends[-1] == start and quoted[-1] < 0:
            ends[-1] = end  # a stop inside a sentence belongs to an abbreviation
            if words[-1] == "Jan":
                words[-1] = "January"  # without the stop it is a name
            continue
        else:
            words.append(word)
            quoted.append(-1)
        starts.append(start)
        ends.append(end)
    sentence.lower = [word.lower() for word in words]
    return sentence


def is_finite(sentence: Sentence, index: int) -> bool:
    """Whether the word is likely a finite verb (closed classes and the -ed ending)."""
    word = sentence.lower[index]
    if index > 0 and sentence.is_name(index):
        return False
    if word in AUXILIARIES or word in _FINITE or word.endswith(_CONTRACTIONS):
        return True
    if len(word) < 5 or not word.endswith("ed") or "-" in word:
        return False
    before = sentence.lower[index - 1] if index else ""
    if before in AUXILIARIES:
        return True
    following = sentence.lower[index + 1] if index + 1 < len(sentence) else ""
    # "the wounded", "a retired general", "the agency based in Tarna", "a man named Osei"
    adjective = (
        index == 0
        or before in DETERMINERS
        or before in PREPOSITIONS
        or before.endswith(("'s", "’s"))
        or following in SPEAKERS
        or bool(_AGENTIVE.search(following) and len(following) > 5)
    )
    participle = following in _AFTER_PARTICIPLE or word in _NAMING_PARTICIPLES
    return not (adjective or participle)


def can_speak(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the noun phrase of words `first` to `last` - 1 may be a source of speech."""
    end = _head_end(sentence, first, last)
    head = sentence.lower[end - 1]
    if head in _QUANTITIES and end < last and sentence.lower[end] == "of" and end + 1 < last:
        return can_speak(sentence, end + 1, last)
    if head in PRONOUNS:
        return head != "it" or end - first > 1
    if head in SPEAKERS or (len(head) > 4 and _AGENTIVE.search(head)):
        return True
    for index in range(first, end):
        word = sentence.lower[index]
        if word in SPEAKERS and index < end - 1 and not head.endswith("s"):
            return True
        opens = index == 0 or index == first
        if sentence.is_name(index) and not (
            opens and (word in DETERMINERS or word in ADVERBS or word in PREPOSITIONS)
        ):
            # "Tarna's hospitals" may speak, "Tarna's bombing" may not.
            owner = word.endswith(("'s", "’s")) or (
                index + 1 < end and not sentence.is_name(index + 1)
            )
            return not owner or not head.endswith(("ing", "tion", "ment", "ack", "acks", "ings"))
    return False


def _head_end(sentence: Sentence, first: int, last: int) -> int:
    """One past the head of a noun phrase: before the first preposition, comma or relative."""
    for index in range(first + 1, last):
        word = sentence.lower[index]
        if (
            word in PREPOSITIONS
            or word in SUBORDINATORS
            or word in (",", "who", "and")
            or not sentence.is_word(index)
        ):
            return index
    return last


def _mask(text: str, quotations: Sequence[Quotation]) -> tuple[str, dict[int, tuple[int, Span]]]:
    """The text with quotations hidden (same length), and which quotation each hidden stretch is."""
    pieces: list[str] = []
    owners: dict[int, tuple[int, Span]] = {}
    position = 0
    for number, quotation in enumerate(quotations):
        for part in quotation.parts:
            pieces.append(text[position : part.start].translate(_UNHIDE))
            visible = _visible_end(text, part)
            hidden = visible - part.start
            owners[part.start] = (number, part)
            pieces.append(_HIDDEN + _TAIL * (hidden - 1) + text[visible : part.end])
            position = part.end
    pieces.append(text[position:].translate(_UNHIDE))
    return "".join(pieces), owners


def _visible_end(text: str, part: Span) -> int:
    """Where the stop at a quotation's end begins, which may end the sentence around it too."""
    match = _LAST_STOP.search(text, max(part.start + 1, part.end - 6), part.end)
    return match.start() if match else part.end
