"""Problems with the parameters of a query."""

from collections.abc import Collection

from web.errors import Fault, Problem

MAX_ECHO = 100


def build_parameter_problem(
    name: str, received: str, detail: str, expected: object = None
) -> Problem:
    """Build the problem of a parameter whose value is not valid."""
    fault = _build_fault(name, detail, expected, received)
    return Problem(f"{name}: {detail}", code="invalid_parameter", faults=[fault])


def build_unknown_parameters_problem(names: Collection[str], known: Collection[str]) -> Problem:
    """Build the problem of unknown parameters: probably misspelt, so they are not ignored."""
    detail = f"There is no such parameter here, only {', '.join(sorted(known))}."
    faults = [_build_fault(name, detail, sorted(known)) for name in sorted(names)]
    return Problem(detail, code="unknown_parameter", faults=faults)


def build_unknown_fields_problem(names: Collection[str], known: Collection[str]) -> Problem:
    """Build the problem of values of `fields` that the rows do not have."""
    unknown = ", ".join(name[:MAX_ECHO] for name in names)
    detail = f"There is no field {unknown}; there are {', '.join(known)}."
    fault = _build_fault("fields", detail, list(known), unknown)
    return Problem(detail, code="unknown_field", faults=[fault])


def build_cursor_problem() -> Problem:
    """Build the problem of a cursor that was not issued for this list in this order."""
    detail = "This cursor is not of this list in this order: take it from next or previous."
    faults = [_build_fault("cursor", detail)]
    return Problem(detail, code="bad_cursor", faults=faults)


def _build_fault(
    name: str, detail: str, expected: object = None, received: str | None = None
) -> Fault:
    echo = None if received is None else received[:MAX_ECHO]
    return Fault(detail, (name[:MAX_ECHO],), "query", expected=expected, received=echo)
