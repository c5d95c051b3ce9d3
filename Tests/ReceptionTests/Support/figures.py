"""Computes live reception statistics from copies of the tables, row by row; shares nothing with recyclicd.

    usage: figures.py QUESTIONS < TABLES

QUESTIONS is JSON: a list of [rules, moment, zone, site or null]. TABLES is JSON of the rows of each table, as PostgreSQL's to_jsonb
writes them. Prints JSON: for each question the figures as strings.
"""

import datetime
import decimal
import json
import sys
import zoneinfo

UTC = datetime.timezone.utc
HALF_UP = decimal.ROUND_HALF_UP


def time(text):
    return None if text is None else datetime.datetime.fromisoformat(text).astimezone(UTC)


tables = json.load(sys.stdin, parse_float=decimal.Decimal)
posts = {row["id"]: time(row["opened_at"]) for row in tables["poste_reception"]}
sessions = {row["id"]: (time(row["opened_at"]), row["site_id"]) for row in tables["cash_sessions"]}
for ticket in tables["ticket_depot"]:
    ticket["closed_at"] = time(ticket["closed_at"])
for sale in tables["sales"]:
    sale["created_at"] = time(sale["created_at"])


def figures(rules, moment, zone, site):
    now = time(moment)
    since = now - datetime.timedelta(hours=24)
    # fold 0 is the first of two midnights.
    local = now.astimezone(zoneinfo.ZoneInfo(zone))
    today = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    is_open, is_closed = set(), set()
    for ticket in tables["ticket_depot"]:
        if rules != "rolling-24h" and posts[ticket["poste_id"]] < today:
            continue
        if ticket["status"] == "opened":
            is_open.add(ticket["id"])
        elif ticket["status"] == "closed" and ticket["closed_at"] and ticket["closed_at"] >= since:
            is_closed.add(ticket["id"])
    items_received, weight_in, weight_out = 0, decimal.Decimal(0), decimal.Decimal(0)
    for line in tables["ligne_depot"]:
        if line["ticket_id"] not in is_open and line["ticket_id"] not in is_closed:
            continue
        items_received += line["ticket_id"] in is_closed
        if rules == "opened-today-with-exits" and line.get("is_exit"):
            weight_out += line["poids_kg"]
        else:
            weight_in += line["poids_kg"]
    turnover, donations, sold = decimal.Decimal(0), decimal.Decimal(0), set()
    for sale in tables["sales"]:
        opened_at, session_site = sessions[sale["cash_session_id"]]
        if sale["created_at"] < since or site and session_site != site:
            continue
        if rules != "rolling-24h" and opened_at < today:
            continue
        sold.add(sale["id"])
        turnover += sale["total_amount"]
        donations += sale["donation"] or 0
    for item in tables["sale_items"]:
        if item["sale_id"] in sold:
            weight_out += item["weight"] or 0
    result = {
        "turnover_eur": turnover.quantize(decimal.Decimal("0.01"), HALF_UP),
        "donations_eur": donations.quantize(decimal.Decimal("0.01"), HALF_UP),
    }
    if not site or rules != "opened-today-with-exits":
        result["weight_out"] = weight_out.quantize(decimal.Decimal("0.001"), HALF_UP)
    if not site:
        result["tickets_open"] = len(is_open)
        result["tickets_closed_24h"] = len(is_closed)
        result["weight_in"] = weight_in.quantize(decimal.Decimal("0.001"), HALF_UP)
        if rules != "rolling-24h":
            result["items_received"] = items_received
    return {name: str(value) for name, value in result.items()}


print(json.dumps([figures(*question) for question in json.loads(sys.argv[1])]))
