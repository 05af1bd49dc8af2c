"""The names of fields, as they are written and as they are read.

May know: nothing. May not know: what the fields hold.
"""

from __future__ import annotations

from typing import Any

__all__ = ["COMPANY_FIELDS", "LEAD_FIELDS", "MOMENTS", "Data"]

Data = dict[str, Any]
"""A mapping in JSON's own types."""

LEAD_FIELDS = (
    "received_at",
    "country",
    "postcode",
    "city",
    "lat",
    "lon",
    "sector",
    "product",
    "language",
    "source",
    "campaign",
    "value",
    "currency",
    "employees",
    "contact_name",
    "email",
    "phone",
    "message",
)
"""The fields of a lead besides its id, its company and the caller's own."""

COMPANY_FIELDS = ("name", "number", "vat", "lei", "domain", "country", "postcode", "city")
"""The fields of a company."""

MOMENTS = ("submitted_at", "decided_at", "expires_at", "protected_until")
"""The instants of a registration."""
