"""How a query that cannot be answered is refused."""

from collections.abc import Collection

from web.errors import Fault, Problem

LONGEST_ECHO = 100


def bad_parameter(name: str, received: str, detail: str, expected: object = None) -> Problem:
    """A parameter whose value makes no sense."""
    fault = _fault(name, detail, expected, received)
    return Problem(f"{name}: {detail}", code="invalid_parameter", faults=[fault])


def unknown_parameters(names: Collection[str], known: Collection[str]) -> Problem:
    """Parameters that nobody knows here: more likely misspelt than meant to do nothing."""
    detail = f"There is no such parameter here, only {', '.join(sorted(known))}."
    faults = [_fault(name, detail, sorted(known), None) for name in sorted(names)]
    return Problem(detail, code="unknown_parameter", faults=faults)


def unknown_fields(names: Collection[str], known: Collection[str]) -> Problem:
    """Fields that the rows do not have."""
    told = ", ".join(name[:LONGEST_ECHO] for name in names)
    detail = f"There is no field {told}; there are {', '.join(known)}."
    fault = _fault("fields", detail, list(known), told)
    return Problem(detail, code="unknown_field", faults=[fault])


def bad_cursor() -> Problem:
    """A cursor that this list, in this order, has not given out."""
    detail = "This cursor is not of this list in this order: take it from next or previous."
    return Problem(detail, code="bad_cursor", faults=[_fault("cursor", detail, None, None)])


def _fault(name: str, detail: str, expected: object, received: str | None) -> Fault:
    echo = None if received is None else received[:LONGEST_ECHO]
    return Fault(detail, (name[:LONGEST_ECHO],), "query", expected=expected, received=echo)
