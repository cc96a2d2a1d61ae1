"""Curves as SVG, written by hand: axes, a line for each curve with its name beside its end, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_WIDTH: Final = 640
_HEIGHT: Final = 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 48, 56
_STROKES: Final = (("#1a4e8a", ""), ("#b3470f", "7 4"), ("#3d7a33", "2 3"), ("#6b4c9a", "9 3 2 3"))

Curve = Sequence[tuple[float, float]]


def curves_svg(title: str, x_name: str, y_name: str, curves: Mapping[str, Curve]) -> str:
    """Plot curves over 0..1 (both axes in per cent); curves differ in colour and in dash."""
    top = _ceiling(max((y for curve in curves.values() for _, y in curve), default=1.0))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">',
        "<style>text { font: 13px sans-serif }</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="26" style="font-size: 16px; font-weight: bold">{escape(title)}</text>',
        *_axes(x_name, y_name, top),
    ]
    for at, (name, curve) in enumerate(curves.items()):
        parts += _line(name, curve, top, at)
    return "\n".join([*parts, "</svg>", ""])


def _axes(x_name: str, y_name: str, top: float) -> list[str]:
    parts: list[str] = []
    for tick in range(6):
        x, y = _x(tick / 5), _y(top * tick / 5, top)
        parts += [
            f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>',
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#333333">{100 * top * tick / 5:.0f} %</text>',
            f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 20}" text-anchor="middle" fill="#333333">{20 * tick} %</text>',
        ]
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    return [
        *parts,
        f'<path d="M {_LEFT} {_TOP} V {_HEIGHT - _BOTTOM} H {_WIDTH - _RIGHT}" fill="none" stroke="#333333"/>',
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 14}" text-anchor="middle" fill="#333333">{escape(x_name)}</text>',
        f'<text x="16" y="{middle}" text-anchor="middle" transform="rotate(-90 16 {middle})" fill="#333333">{escape(y_name)}</text>',
    ]


def _line(name: str, curve: Curve, top: float, at: int) -> list[str]:
    colour, dash = _STROKES[at % len(_STROKES)]
    points = " ".join(f"{_x(x):.1f},{_y(y, top):.1f}" for x, y in curve)
    key = _TOP + 8 + 20 * at
    return [
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>',
        f'<path d="M {_LEFT + 16} {key} h 32" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>',
        f'<text x="{_LEFT + 56}" y="{key + 4}" fill="#111111">{escape(name)}</text>',
    ]


def _x(share: float) -> float:
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - value / top * (_HEIGHT - _TOP - _BOTTOM)


def _ceiling(value: float) -> float:
    """The next multiple of ten per cent, so that ticks are whole numbers."""
    return next((step / 10 for step in range(1, 10) if value <= step / 10), 1.0)
