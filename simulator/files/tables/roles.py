"""What a column is for, by its heading: names that databases give their columns, in one table."""

from __future__ import annotations

import re
from enum import StrEnum

from simulator.files.tables import labels
from simulator.files.tables.denominations import UNSTATED, Denomination


class Role(StrEnum):
    """The part that a column plays in a table with a row for each figure."""

    TIME = "time"
    YEAR = "year"
    MONTH = "month"
    QUARTER = "quarter"
    VALUE = "value"
    FLOW = "flow"
    REPORTER = "reporter"
    PARTNER = "partner"
    UNIT = "unit"
    CURRENCY = "currency"
    MULTIPLIER = "multiplier"
    STATUS = "status"
    CODE = "code"  # tells rows of a record apart, and is no name elsewhere
    IGNORED = "ignored"


_NAMES = {
    Role.TIME: "timeperiod period time date monthyear yearmonth periodcode timeperiodcode период дата "
    "времяпериод отчетныйпериод kỳ thờigian",
    Role.YEAR: "year refyear yr год годы năm reportingyear calendaryear",
    Role.MONTH: "month refmonth mon месяц tháng monthnumber номермесяца",
    Role.QUARTER: "quarter qtr квартал quý",
    Role.VALUE: "obsvalue value primaryvalue tradevalue tradevalueus tradevalueusd observationvalue amount "
    "значение стоимость сумма величина trịgiá",
    Role.FLOW: "flow tradeflow flowdesc flowcode tradeflowcode stkflow flowtype rgdesc rgcode rg indicet "
    "indicator indicatorid indicatorcode indicatorname показатель направление направлениеперемещения поток "
    "видпотока",
    Role.REPORTER: "reporter reporterdesc reporteriso reportercode reportername refarea referencearea geo "
    "declarant declarantiso reportingcountry reportingeconomy странаотчета rtcode rttitle rt3iso",
    Role.PARTNER: "partner partnerdesc partneriso partnercode partnername counterpartarea counterpart "
    "counterpartcountry counterpartcountryid partneriso3 partnercountry partnereconomy ptcode pttitle pt3iso "
    "country countryid countries countryname countrycode ctyname страна страны странапартнер партнер "
    "контрагент nước destination origin",
    Role.UNIT: "unit units unitmeasure unitofmeasure measureunit scale indicators единицаизмерения "
    "единицыизмерения ед едизм đơnvị",
    Role.CURRENCY: "currency currencycode валюта",
    Role.MULTIPLIER: "unitmult unitmultiplier multiplier powercode",
    Role.STATUS: "obsstatus obsflag observationstatus flag flags confstatus status obsconf",
    Role.CODE: "code код hs hscode тнвэд кодтнвэд sitc sitc3 cpa",
    Role.IGNORED: "n no № №пп nn пп rank stt ctycode кодстраны refperiodid perioddesc typecode freqcode freq "
    "frequency frequencyofobservation частота lastupdate dataflow structure structureid structurename action "
    "dataset isreported isaggregate isleaf isleafcode aggrlevel aggregatelevel isoriginalclassification "
    "classification classificationcode classificationsearchcode qty qtyunit qtyunitcode qtyunitabbr "
    "isqtyestimated altqty altqtyunit altqtyunitcode altqtyunitabbr isaltqtyestimated netwgt netweightkg "
    "isnetwgtestimated grosswgt grossweightkg isgrosswgtestimated cifvalue fobvalue ciftradevalueus "
    "fobtradevalueus legacyestimationflag decimals title titlecompl obscom obsprebreak",
}
_ROLES = {name.lower(): role for role, names in _NAMES.items() for name in names.split()}


KNOWN_UNITS = {  # headings of UN Comtrade, whose values are single US dollars
    "primaryvalue": Denomination("USD", 0),
    "tradevalueus": Denomination("USD", 0),
    "tradevalueusd": Denomination("USD", 0),
}


_WHOSE = re.compile(r"country(?:id|code|name)?")


def of_reporter(heading: str) -> bool:
    """Whether a column headed so is of the reporter where another is of its counterpart."""
    return _WHOSE.fullmatch(_key(heading)) is not None


def of_counterpart(heading: str) -> bool:
    """Whether a column is of the reporter's counterpart."""
    return _key(heading).startswith(("counterpart", "partner"))


def unit_of(heading: str) -> Denomination:
    """The unit that a database gives a column of this name, whether or not the name says so."""
    return KNOWN_UNITS.get(_key(heading), UNSTATED)


def role_of(heading: str) -> Role | None:
    """The role of a column with this heading, None where it has none; a unit in brackets does not count."""
    key = _key(heading)
    if key in _ROLES:
        return _ROLES[key]
    bare = _key(re.sub(r"\([^)]*\)", " ", heading))
    if bare in _ROLES and bare:
        return _ROLES[bare]
    label = labels.parse(heading)
    unit_only = label.denomination != UNSTATED and label.flow is None and label.kind is None
    first = _key(heading.split(",")[0])
    return _ROLES.get(first) if unit_only and _ROLES.get(first) is Role.VALUE else None


def _key(heading: str) -> str:
    return re.sub(r"[^\w№]|_", "", heading.casefold().replace("ё", "е"))
