"""In which stage a command may leave a case, said once more and apart from the code that moves it."""

from collections.abc import Mapping

from escalation.vocabulary import Stage

_U, _O, _W, _C = Stage.UNASSIGNED, Stage.OFFERED, Stage.WORKING, Stage.WAITING_ON_CUSTOMER
_R, _CLOSED, _CANCELLED = Stage.RESOLVED, Stage.CLOSED, Stage.CANCELLED

_Row = Mapping[Stage, tuple[Stage, ...]]

_UNDONE: _Row = {_C: (_C, _W), _R: (_R, _O, _U)}
"""A letter never arrived: its question is not waited for, and a case is not resolved because its answer is missing."""

OUTCOMES: Mapping[str, _Row] = {
    "acknowledge": {_O: (_W, _C)},
    "decline": {_O: (_U, _W, _C)},
    "tell_customer": {_R: (_R, _CLOSED)},
    "request_information": {_W: (_C,), _C: (_C,)},
    "customer_replied": {_C: (_C, _W), _R: (_R, _O, _U, _CLOSED), _CLOSED: (_CLOSED, _O, _U)},
    "delivery_bounced": _UNDONE,
    "escalate": dict.fromkeys((_U, _O, _W, _C), (_U,)),
    "reassign": dict.fromkeys((_U, _O, _W, _C), (_O,)),
    "correct": {_U: (_U,), _O: (_U,), _W: (_W, _U), _C: (_C, _U)},
    "withdraw": {_C: (_C, _W)},
    "give_back": {_W: (_U,), _C: (_U,)},
    "resolve": {_W: (_R,), _C: (_R,)},
    "reopen": {_R: (_O, _U), _CLOSED: (_O, _U)},
    "answer_survey": {_R: (_R, _CLOSED)},
    "cancel": dict.fromkeys((_U, _O, _W, _C, _R), (_CANCELLED,)),
    "fire_due_clocks": {
        _U: (_U, _R),
        _O: (_O, _U, _W, _C, _R),
        _W: (_W, _U),
        _C: (_C, _U, _W, _R),
        _R: (_R, _CLOSED),
    },
    "record_assignment": {_U: (_U, _O, _W, _C), _O: (_O, _U)},
    "record_nobody_available": {_U: (_U, _W, _C), _O: (_O, _U)},
    "record_assignment_delayed": {_U: (_U, _W, _C)},
    "record_delivery_failed": _UNDONE,
}
"""Command, stage before, stages it may lead to. What is not here leaves the stage as it is."""
