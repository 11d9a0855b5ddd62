"""What each rule on SLA terms is for: parts of terms that fail and that pass, by JSON pointer.

A line is a pointer (RFC 6901) and the value that stands there; the rest of the terms is sound.
"""

from collections.abc import Mapping

_SEV1 = '/targets/0/amount {{"kind": "elapsed", "seconds": {}}}\n'
_LEVEL = '/severities/0 {{"definition": "The service is down.", "id": "sev1", "rank": 1{}}}\n'
_CHANNEL = (
    '/channels [{{"address": "+1 555 0100", "calendar": "{}", "id": "phone", '
    '"severities": ["sev1", "sev2", "sev3"]}}]\n'
)
_FIX = (
    '/targets/1 {{"amount": {{"kind": "elapsed", "seconds": {}}}, "calendar": "24x7", '
    '"metric": "resolution", "severity": "sev1"}}\n'
)
_WORKS = (
    '/availability/maintenance/excluded_from "{}"\n'
    '/availability/maintenance/cap_per_month {{"seconds": 14400}}\n'
)
_LAST = (
    '/targets/4 {{"amount": {{"kind": "business_time", "seconds": 28800}}, "calendar": "support", '
    '"metric": "{}", "severity": "sev3"}}\n'
)

# Rule → what fails and what passes.
TERMS_SAMPLES: Mapping[str, tuple[str, str]] = {
    "tier-gap": (
        '/credits/tiers/0/below_percent "99.5"\n',
        '/credits/tiers/0/below_percent "99.95"\n',
    ),
    "tier-order": (
        '/credits/tiers/1/credit_percent "1"\n',
        '/credits/tiers/1/credit_percent "10"\n',
    ),
    "credit-over-cap": ('/credits/cap_percent "6"\n', '/credits/cap_percent "25"\n'),
    "severity-order": (_SEV1.format(10_000), _SEV1.format(3_600)),
    "resolved-unanswered": (_FIX.format(60), _FIX.format(28_800)),
    "no-emergency-channel": (_CHANNEL.format("support"), _CHANNEL.format("24x7")),
    "uptime-unreachable": (
        _WORKS.format("counts_as_downtime"),
        _WORKS.format("numerator_and_denominator"),
    ),
    "objective-bounds": (
        '/availability/objective_percent "100"\n',
        '/availability/objective_percent "99.95"\n',
    ),
    "response-absent": (_LAST.format("update"), _LAST.format("first_response")),
    "sev1-slow": (_SEV1.format(10_800), _SEV1.format(10_799)),
    "security-not-raised": (
        _LEVEL.format(""),
        _LEVEL.format(', "includes": ["security_vulnerability"]'),
    ),
    "objective-too-fine": (
        '/availability/objective_percent "99.999"\n',
        '/availability/objective_percent "99.95"\n',
    ),
    "holidays-end": ('/effective/until "2040-01-01"\n', '/effective/until "2030-06-30"\n'),
}
