"""The contract of every port as checks that need no test framework: hold an implementation of your own against them.

    from recovery.testing import contracts

    print(contracts.check_store(MyStore))                   # "Store: 40 obligations hold in 81 checks."

``check_...`` runs every check and returns the report, or raises :class:`ContractBroken`, which names each obligation by port and
number, says what was found, and the way out. ``..._checks`` returns the checks one by one, for pytest and unittest:

    @pytest.mark.parametrize("check", contracts.store_checks(MyStore), ids=lambda check: check.id)
    def test_contract(check):
        check()

The first argument is a maker: it is called for every check and returns a fresh implementation, or a context manager that gives
one. What a maker cannot show by itself comes as options; where one is left out, the checks that need it rest, and the report
says so.
"""

from recovery.testing.contracts.asking import check_directory, directory_checks
from recovery.testing.contracts.checking import Broken, Check, ContractBroken, LeftOut, Report, examine
from recovery.testing.contracts.comparing import check_precedents, precedents_checks
from recovery.testing.contracts.faults import Faults
from recovery.testing.contracts.notifying import NotifierOptions, check_notifier, notifier_checks
from recovery.testing.contracts.obligation import Obligation, obligations
from recovery.testing.contracts.rendering import check_renderer, renderer_checks
from recovery.testing.contracts.storing import (
    StoreOptions,
    case_finder_checks,
    case_store_checks,
    check_case_finder,
    check_case_store,
    check_outbox,
    check_store,
    outbox_checks,
    store_checks,
)

__all__ = [
    "Broken",
    "Check",
    "ContractBroken",
    "Faults",
    "LeftOut",
    "NotifierOptions",
    "Obligation",
    "Report",
    "StoreOptions",
    "case_finder_checks",
    "case_store_checks",
    "check_case_finder",
    "check_case_store",
    "check_directory",
    "check_notifier",
    "check_outbox",
    "check_precedents",
    "check_renderer",
    "check_store",
    "directory_checks",
    "examine",
    "notifier_checks",
    "obligations",
    "outbox_checks",
    "precedents_checks",
    "renderer_checks",
    "store_checks",
]
