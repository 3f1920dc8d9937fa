"""What is refused or taken back: 'not mondays or tuesdays', 'evenings no good', 'LU2, no sorry, LU3'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dialogue.nlu.wishes.spoken import Found

_NOT_CAN = r"(?:can't|can not|couldn't|could not|unable to)"
_NEGATORS = (
    r"not|never|nor|neither|except(?:ing)?(?: for)?|excluding|bar|barring|besides|apart from|other than|"
    r"rather than|instead of|(?:any(?:thing|where|one| ?time| day)?|all|every ?day) but|without"
    r"|avoid(?:ing)?|"
    r"hates?|detest|loathe|sick of|fed up (?:of|with)|no good(?: for me)?|no use|not good|not great|"
    rf"{_NOT_CAN}(?: really| even)? (?:stand|bear|abide|do|make|manage|go|come|get|face|use|speak|read"
    rf"|understand|"
    r"attend|be doing(?: with)?|be doin(?: with)?|be arsed with|cope with|"
    r"be there|be)|(?:don't|do not|doesn't|does not|didn't|won't|will not|wouldn't|would not)"
    r"(?: really| even| ever)? (?:want|like|do|fancy|need|use|speak|read|understand|have|go|come|be able to"
    r"|work for"
    r"|suit me)|"
    r"i no (?:want|like|can|speak|need)|no (?:want|like|speak)|isn't|aren't|wasn't|haven't got|hasn't got|"
    r"keep away from|no more|nothing (?:on|in|for|to do with)|it's not|"
    r"(?:i|we) (?:work|volunteer|babysit)|i'm (?:at work|working|busy|away|out)|busy|got work|at work|"
    r"i am (?:at work|working|busy|away)|dialysis|unavailable"
)
_FILLERS = (
    r"on|at|in|to|the|a|an|any|for|of|with|really|too|very|me|my|do|doing|go|going|come|coming|near|around"
    r"|round|by|"
    r"anywhere|anything|want|wanting|like|be|being|use|get|getting|make|free|available|able|interested|keen"
    r"|every|"
    r"most|so|much|them|those|all|into|from|lots|loads|load|bunch|full|that|this|one|of|speak|have|having"
    r"|sessions|"
    r"groups|until|till|either|both|right|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mornings?"
    r"|afternoons?|evenings?"
)
_BEFORE = re.compile(rf"\b(?:{_NEGATORS})(?: (?:{_FILLERS})){{0,4}} ?$")
_BEFORE_NO = re.compile(rf"\bno(?: (?:{_FILLERS})){{0,2}} $")
_NOT_A_REFUSAL = re.compile(
    r"(?:\bnot (?:only|just|bothered|fussed|against|a problem|too bad)|don't (?:mind|care)|why (?:not|don't)"
    r"|not working|why is it (?:not|never))"
)
_AFTER = re.compile(
    r"(?:'s|s)?(?: (?:morning|afternoon|evening|one|ones|day|days)s?)?[ ,.:-]{0,2}"
    r"(?:(?:is|are|was|were|be|would be|will be|it's|that's|they're|r) )?"
    r"(?:really |just |a bit |bit |all |also |always |usually |definitely |def |such )?"
    r"(?:no good|not good|not so good|no use|not great|not possible|not ideal|not convenient|inconvenient"
    r"|not on|"
    r"(?:isn't|aren't|is not|are not) (?:good|great|any good|possible|ideal|on|for me|suitable|easy)|"
    r"(?:do not|don't|does not|doesn't|won't|wouldn't)(?: really)? (?:work|suit|do(?! mind)|be any good)|"
    r"no can do|out(?= of the question|[.,!?]|$| for me| because| as )|not for me|bad for me|awkward"
    r"|difficult|hard for|"
    r"tricky|impossible|a no(?:\b| no)|too far|miles away|no thank|off limits|"
    r"i (?:can't|work(?! all| in the| full| during| week)|am working|am at work|am busy)|i'm (?:busy"
    r"|working|at work)|taken|busy|a nightmare|"
    r"\? no\b)"
)
_JOIN = re.compile(
    r"s?(?: ?(,|/|-|or|nor|and|and not|or on|nor on|and on|\+)){1,2} ?(?:(?:the|at|in|on|a|any) ){0,2}$"
)
_TAKEN_BACK = re.compile(
    r"s?[ ,.?!-]*(?:or )?(?:no|sorry|oops|woops|i mean|i meant|i should say|wait|actually|scrap that|rather"
    r"|i said|"
    r"make (?:it|that)|nope|nah|hang on|correction|my mistake|but (?:it's|its|i meant|it should be"
    r"|should be))\b"
    r"(?:[ ,.?!-]+(?:no|sorry|i mean|i meant|i said|wait|it's|its|it is|make it|make that|on|the|in|near|at"
    r"|actually|"
    r"that's|should be|should say|for))*[ ,.?!-]*$"
)


def refused(plain: str, items: Sequence[Found], *, bare_no: bool = True) -> list[bool]:
    """For each of `items` (in order of place) whether the person refuses it or takes it back.

    `bare_no`: whether a plain 'no' before counts ('no mondays'); not for places, where 'no LU3' corrects.
    """
    direct: list[bool] = []
    after: list[bool] = []
    spent = 0  # where the words that refuse the item before end: they do not refuse this one as well
    for i, item in enumerate(items):
        # 'monday no tuesday' takes Monday back; 'mornings, no evenings' and 'no mondays, no tuesdays' refuse.
        corrects = i > 0 and not direct[i - 1] and _corrects(plain, items[i - 1], item)
        direct.append(_refused_before(plain, spent, item.start, bare_no and not corrects))
        follows = _AFTER.match(plain, item.end)
        after.append(follows is not None)
        spent = follows.end() if follows else item.end
    out = [b or a for b, a in zip(direct, after)]
    if len(items) < 2:
        return out
    between = [plain[a.end : b.start] for a, b in zip(items, items[1:])]
    joins = [_JOIN.match(gap) if len(gap) < 16 else None for gap in between]
    for i, join in enumerate(joins):
        if (
            join
            and direct[i]
            and not after[i + 1]
            and (join.group(1) not in (",", "-") or _ends_in_or(joins, i))
        ):
            direct[i + 1] = out[i + 1] = True
    for i in range(len(joins) - 1, -1, -1):
        if joins[i] and after[i + 1] and not direct[i + 1]:
            after[i] = out[i] = True
    for i, gap in enumerate(between):
        if not out[i + 1] and len(gap) < 60 and _TAKEN_BACK.match(gap):
            out[i] = True
    return out


def kept(plain: str, items: Sequence[Found], *, bare_no: bool = True) -> list[Found]:
    """The items not refused."""
    if not items:
        return []
    items = sorted(items, key=lambda item: item.start)
    return [item for item, no in zip(items, refused(plain, items, bare_no=bare_no)) if not no]


def _corrects(plain: str, before: Found, item: Found) -> bool:
    """Whether a 'no' between two items takes the first back."""
    gap = plain[before.end : item.start]
    return len(gap) < 60 and bool(_TAKEN_BACK.match(gap)) and not plain[item.start : item.end].endswith("s")


def _refused_before(plain: str, spent: int, start: int, bare_no: bool) -> bool:
    window = plain[max(spent, start - 48) : start]
    if _BEFORE.search(window) or (bare_no and _BEFORE_NO.search(window)):
        return not _NOT_A_REFUSAL.search(window)
    return False


def _ends_in_or(joins: Sequence[re.Match[str] | None], start: int) -> bool:
    """Whether a list joined by commas goes on to an 'or' or 'and': 'not mon, tue or wed'."""
    for join in joins[start + 1 :]:
        if join is None:
            return False
        if join.group(1) not in (",", "-"):
            return True
    return False
