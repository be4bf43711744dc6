"""How wide text is drawn, and how it is shortened."""

from __future__ import annotations

from unicodedata import east_asian_width

_REGULAR = (
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337 337 "
    "838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 695 635 611 732 684 989 "
    "685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 "
    "392 634 592 818 592 592 525 636 337 636 838"
)
_BOLD = (
    "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 696 696 696 696 400 400 "
    "838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 637 995 837 850 733 850 770 720 682 812 774 1103 "
    "771 724 725 457 365 457 838 500 500 675 716 593 716 678 435 716 712 343 343 665 343 1042 712 687 716 716 493 595 "
    "478 712 652 924 645 652 582 712 365 712 838"
)
"""Widths of the characters from the blank to the tilde in DejaVu Sans, in thousandths of the size: its hmtx tables.

It is wider than the sans-serif fonts of common systems, so that text fits whatever font it is drawn with.
"""

_WIDTHS = {
    is_bold: {chr(32 + position): int(width) for position, width in enumerate(widths.split())}
    for is_bold, widths in ((False, _REGULAR), (True, _BOLD))
}


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, of which those of Chinese, Japanese and Korean count twice.

    What is too long loses its middle: of an address the end says what it is, and the beginning where.
    """
    if _columns(text) <= most:
        return text
    start, end = "", ""
    while _columns(start) + _columns(end) < most - 2:
        if _columns(start) <= _columns(end):
            start += text[len(start)]
        else:
            end = text[-1 - len(end)] + end
    return f"{start}…{end}"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def width(text: str, size: float, *, is_bold: bool = False) -> float:
    """The width of a line of text, in the unit of its size."""
    widths = _WIDTHS[is_bold]
    return sum(widths.get(character, 1000) for character in text) * size / 1000
