"""Invented page contents, valid by default, so that each view can be tested without a store."""

from pathlib import Path

from pipelines.errors import InputError
from pipelines.evidence.classifier import ClassifierSection, LeaningRow
from pipelines.evidence.cohort import CohortPage
from pipelines.evidence.course import (
    AFTER_BIRTH,
    Course,
    CourseDay,
    CourseMark,
    CourseReport,
    CourseSession,
    CourseSpan,
)
from pipelines.evidence.curves import SplitCurves
from pipelines.evidence.data import DataPage, FileRow, SetAsideRule, SourceFile, WaitingRow
from pipelines.evidence.data_dictionary import DataDictionary, FactorEntry, InstrumentEntry
from pipelines.evidence.definitions import Cells
from pipelines.evidence.error_words import ErrorSection, PowerRow, ScenarioRow
from pipelines.evidence.factors import FactorsPage, ForestGroup, ForestRow, RefusedFactor
from pipelines.evidence.filters import Choices, Filters
from pipelines.evidence.flow import Flow, FlowStep
from pipelines.evidence.guidance import (
    AnswerRow,
    ClaimRow,
    GuidancePage,
    GuidanceTheme,
    LiteraturePosition,
    RepeatedClaim,
    TechniqueRow,
    TechniqueTable,
    UntestableClaim,
)
from pipelines.evidence.logs import LogSign, LogsSection, LogStrip
from pipelines.evidence.method_words import Citation
from pipelines.evidence.methods import (
    MethodsPage,
    RuleRow,
    RuleSection,
    ShownDefinition,
    ShownExample,
    ShownRemark,
    ShownSetting,
    ShownTopic,
)
from pipelines.evidence.missing import MissingRow, MissingSection
from pipelines.evidence.model_card import CardSection, ModelCard
from pipelines.evidence.output import CurveSection, DayShare, OutputPage
from pipelines.evidence.overview import ClearFinding, OverviewPage
from pipelines.evidence.parts import (
    Basis,
    Bin,
    Distribution,
    Grouped,
    GroupedSection,
    IntervalMark,
    Numbers,
    VerdictCount,
)
from pipelines.evidence.provenance import Provenance, ReaderRows
from pipelines.evidence.recall import RecallForm, RecallItem, RecallSection
from pipelines.evidence.retention import Retention, RetentionRow
from pipelines.evidence.reverse import ReverseRow, ReverseSection
from pipelines.evidence.review import CURRENT, FiredSign, ListedPerson, Review, RuleCard
from pipelines.evidence.review_page import ReviewPage
from pipelines.evidence.review_person import PersonView, SignReason, Statement
from pipelines.evidence.review_rows import ShownRow
from pipelines.evidence.studies import StudyCard
from pipelines.evidence.table_one import Cell, Column, TableOne, TableRow
from pipelines.evidence.trends import Modifiable, Reported, Trend, TrendPoint, TrendsPage
from pipelines.results import CalibrationPoint, Classifier, CurvePoint, DecisionPoint, RowCounts

MARK = IntervalMark(1.4, 1.1, 1.8, "odds ratio 1.40 (1.10 to 1.80)", 1.25)
SHARE = IntervalMark(0.05, 0.03, 0.08, "5 of 100")
NUMBERS = Numbers("numbers", ("name", "odds_ratio"), (("Shield", 1.4), ("Thyroid", None)))
CHOICES = Choices(("North", "South"), (("manual", "Hand pump"), ("wearable", "Wearable")), 0, 84, "no_milk")
TOO_FEW = "Fewer than 10 people are left; no number is shown."


def card(path: Path, synthetic: bool = True) -> StudyCard:
    """A study at this path."""
    return StudyCard(str(path), f"Study {path.parent.name}", synthetic, 7, "stamp")


def basis(filters: Filters | None = None, *, synthetic: bool = True, unavailable: str = "") -> Basis:
    """What an invented page rests on."""
    chosen = filters or Filters()
    words = "" if chosen.is_everyone else chosen.sentence(CHOICES)
    return Basis("Study", synthetic, 7, 240, 13412, "session without milk", words, 10, unavailable)


def overview(filters: Filters, **more) -> OverviewPage:
    """An Overview with one finding."""
    finding = ClearFinding(
        "Shield", "10 of 100 sessions end without milk; the others, 6 of 100.", "1.40", MARK
    )
    parts = {
        "basis": basis(filters),
        "title": "6 of 100 sessions end without milk",
        "findings": (finding,),
        "statements_title": "2 statements have an answer",
        "counts": (VerdictCount("supported", 2), VerdictCount("not_testable", 1)),
        "reasons": "Because.",
        "quality_title": "94 % of rows are in use",
        "quality": ("118 rows are set aside.",),
        "numbers": NUMBERS,
    }
    return OverviewPage(**(parts | more))


def guidance(filters: Filters, **more) -> GuidancePage:
    """A Guidance page with two themes, one repeat, one statement that logs cannot answer."""
    literature = LiteraturePosition("supports", "Two trials.", ("Smith 2001",), "low")
    repeat = RepeatedClaim("calm.again", "Once more, calm.", "supported")
    stress = GuidanceTheme(
        "stress",
        "Stress",
        (ClaimRow("calm", "Calm helps.", "supported", "5 of 100.", "", "1.4", MARK, repeats=(repeat,)),),
        (UntestableClaim("hormone", "A hormone falls.", "Not measured."),),
    )
    water = ClaimRow(
        "water", "Drink.", "contradicted", "7 of 100.", interval=MARK, literature=literature, parts=True
    )
    bars = Distribution(
        "39 of 100 as advised", "minutes", "sessions", (Bin(14.5, 15.5, 1.0),), 15, 20, "n", NUMBERS
    )
    parts = {
        "basis": basis(filters),
        "title": "Of 4 statements, 2 hold",
        "counts": (
            VerdictCount("supported", 2),
            VerdictCount("contradicted", 1),
            VerdictCount("not_testable", 1),
        ),
        "themes": (stress, GuidanceTheme("food", "Food", (water,))),
        "techniques": TechniqueTable(
            "Technique", (TechniqueRow("minutes", "Minutes", "15 to 20", "39", (), bars),)
        ),
        "answers": (AnswerRow("why", "Why?", "Stress.", "6 of 100."),),
        "urgent": "Fever of 38.0 °C.",
        "disclaimer": "No medical advice.",
        "numbers": Numbers("statements", ("id",), (("calm",),)),
    }
    return GuidancePage(**(parts | more))


def classifier(filters: Filters) -> ClassifierSection:
    """What an invented classifier says."""
    result = Classifier(
        auc=0.6,
        auc_low=0.5,
        auc_high=0.7,
        calibration=(CalibrationPoint(0.1, 0.1, 0.05, 0.2, 40),),
        decision=(
            DecisionPoint(0.1, 0.02, 0.01, 0.03, 0.01, 40),
            DecisionPoint(0.2, 0.01, 0.0, 0.02, -0.1, 30),
        ),
    )
    card = ModelCard("Model card: foreseeing", (CardSection("Purpose", ("Not intended: advice.",)),))
    return ClassifierSection(
        "It can be foreseen a little",
        result,
        ("63 times in 100.",),
        leaning_title="It leans most on stress",
        leaning=(LeaningRow("Stress", 0.05, 0.03, 0.07),),
        decision_title="Who would act from 10 in 100 on gains by it",
        card=card,
    )


def factors(filters: Filters, **more) -> FactorsPage:
    """A Factors page with one row, one refused factor and the other direction."""
    other_way = ReverseSection(
        "The other direction", "Same mother.", (ReverseRow("Stress", "0.2 points higher.", "40 people"),)
    )
    parts = {
        "basis": basis(filters),
        "title": "A shield goes with more",
        "groups": (ForestGroup("Fit", (ForestRow("Shield", "between", MARK, MARK, 40),)),),
        "refused_title": "One factor has no estimate",
        "refused": (RefusedFactor("Thyroid", "hidden", "Fewer than 10 people."),),
        "placebo_words": "The two placebos show nothing.",
        "between_words": "Between people the other direction hides.",
        "reverse": other_way,
        "numbers": NUMBERS,
    }
    return FactorsPage(**(parts | more))


SPLITS = (("ever", "Ever a session without milk (people)"), ("cohort", "Cohort"))


def cohort(filters: Filters, **more) -> CohortPage:
    """A Cohort page with a flow, missing answers and logs that end."""
    steps = (
        FlowStep("Files read", "12 rows", "rows are not counted by person", "From 1 file."),
        FlowStep("In the analysis", "10 sessions", "Hidden: so near", "2 sessions have no volume."),
    )
    parts = {
        "basis": basis(filters),
        "title": "240 people are in the analysis",
        "splits": SPLITS,
        "flow": Flow(steps, Numbers("flow", ("step",), (("Files read",),))),
        "missing": MissingSection(
            "30 of 80 people said nothing", (MissingRow("Parity", "30 of 80."),), "Means."
        ),
        "retention": Retention(
            "Of 100 logs, 80 go on to study day 27",
            ("Everyone, 240 people",),
            (RetentionRow("Day 27 or later", ("192 (80 %)",)),),
            ("Why a log ends is not known.",),
            Numbers("logs-by-study-day", ("study_day",), ((27,),)),
        ),
    }
    return CohortPage(**(parts | more))


def table_one(filters: Filters, by: str) -> TableOne:
    """Table 1 with one variable, one group of which is hidden."""
    rows = (
        TableRow("Parity", difference="0.20 (people)", is_variable=True),
        TableRow("First birth", (Cell("120 (50 %)", "600 (52 %)"), Cell("Hidden", "Hidden"))),
    )
    columns = (
        Column("Everyone", "240 people", "1,200 sessions"),
        Column("North", "fewer than 10 people", "", True),
    )
    return TableOne(f"Split by {by}, alike", by, SPLITS, columns, rows, "Counted twice.", NUMBERS)


def output(filters: Filters, **more) -> OutputPage:
    """An Output page with curves and one compared section."""
    points = tuple(CurvePoint("", day, 0.5, 10.0 * day, 0, 900, 40, "estimated") for day in range(8))
    share = IntervalMark(0.05, 0.03, 0.08, "5 of 100")
    parts = {
        "basis": basis(filters),
        "title": "Half express 70 mL",
        "curves": CurveSection(points, (DayShare(0, 0.4, 40),), (), "n", "Half express 70 mL", NUMBERS),
        "splits": (("cohort", "Cohort"), ("term", "Preterm or term birth")),
        "came": GroupedSection("46 have a day of 500 mL", (Grouped("Pump only", share, "132 people"),), 0.1),
        "let_down": GroupedSection("With a let-down 73 mL", (Grouped("Yes", share, "n", "73 mL"),), 0.1),
        "sides": GroupedSection("Left and right", (Grouped("Left", share, "n", "58 mL"),), 0.1),
    }
    return OutputPage(**(parts | more))


def split_curves(filters: Filters, by: str) -> SplitCurves:
    """Curves of two groups side by side."""
    points = tuple(
        CurvePoint(group, day, 0.5, 10.0 * day + more, 0, 900, 40, "estimated")
        for group, more in (("North", 0), ("South", 5))
        for day in range(8)
    )
    return SplitCurves(
        f"By {by}, half express 70 mL",
        ("North", "South"),
        points,
        "n",
        "North 40 people",
        Numbers("by-group", ("group",), (("North",),)),
    )


def data(filters: Filters, **more) -> DataPage:
    """A Data page whose ledger adds up."""
    parts = {
        "basis": basis(filters),
        "title": "6 of 10 rows are in use",
        "subtitle": "1 file",
        "ledger": RowCounts(10, 6, 2, 1, 1),
        "set_aside_title": "Set aside: 1 row",
        "set_aside": (SetAsideRule("unit", "Unit unknown", "Say which.", 1, "row 3"),),
        "files": (SourceFile("1 file", "Generic table", "columns", RowCounts(10, 6, 2, 1, 1)),),
        "numbers": NUMBERS,
        "each_file": (
            FileRow("0a1b2c" * 8, "generic 0a1b2c", "Generic table", "Columns.", RowCounts(10, 6, 2, 1, 1)),
        ),
        "waiting": (WaitingRow("0a1b2c" * 8, "generic 0a1b2c", 3, "volume", "Unit unknown", "Say which."),),
    }
    return DataPage(**(parts | more))


def logs_section(**more) -> LogsSection:
    """Two logs, one of them doubtful."""
    parts = {
        "basis": basis(),
        "title": "38 of 40 logs give no reason for doubt",
        "lead": ("Most round to 5 mL.",),
        "signs": (LogSign("Entered in one go", "All at once.", 12), LogSign("Few days", "Gaps.", None)),
        "doubtful": (
            LogStrip("P-AAA", ("entered in one go",), "40 sessions on 5 days", ((0, 2), (6, 7)), 9),
        ),
        "others": (LogStrip("P-BBB", (), "50 sessions on 8 days", ((0, 7),)),),
        "last_day": 9,
        "numbers": Numbers("signs-in-logs", ("sign",), (("Entered in one go",),)),
    }
    return LogsSection(**(parts | more))


def recall_section(**more) -> RecallSection:
    """One questionnaire with an item, and a form that too few people filled in."""
    item = RecallItem("Stress", "asks about 30 days", "30 of 40 answers", "20 of 40 answers", "It lasts.")
    few = RecallItem("Worry", "asks about that day", hidden=True)
    parts = {
        "basis": basis(),
        "title": "30 of 40 answers meet a session that they describe",
        "note": "Left out is not lost.",
        "forms": (
            RecallForm("Scale", "1 item", "30 of 40 answers", "20 of 40 answers", (item,)),
            RecallForm("Diary", "1 item", "", "", (few,), hidden=True),
        ),
        "numbers": Numbers("recall-windows", ("item",), (("stress",),)),
    }
    return RecallSection(**(parts | more))


def methods(filters: Filters, **more) -> MethodsPage:
    """A Methods page with one definition, two thresholds, one simulation done and one open, a hidden kind of file."""
    example = ShownExample(
        "A blank is no zero.", "", Cells(("mL",), (("blank",),)), Cells(("milk",), (("unknown",),))
    )
    errors = ErrorSection(
        "One of two simulations is done",
        (
            ScenarioRow(
                "Nothing planted", 100, "No effect.", ("Supported: 1.2 % of cohorts.",), "1,000 cohorts"
            ),
            ScenarioRow("Something planted", 40, "An effect."),
        ),
        "What a study can find is not yet simulated",
        (50,),
        (PowerRow("Odds ratio 2", ("not yet simulated",)),),
    )
    dictionary = DataDictionary(
        (FactorEntry("stress", "Stress", "Mind", "scale", "in the diary", "collected, 40 people"),),
        (
            InstrumentEntry(
                "Scale", "Stress", "4 items", "All needed.", "asks about 7 days", "Free.", "Smith 2001"
            ),
        ),
        1,
        1,
        Numbers("data-dictionary", ("factor",), (("stress",),)),
    )
    readers = (ReaderRows("Shown kind", 12, RowCounts(10, 6, 2, 1, 1)), ReaderRows("Rare kind", None, None))
    facts = (("Study", "Pilot"), ("Data version", "7"))
    remark = (ShownRemark("Association, not cause", "Nobody was randomised.", "Smith 2001"),)
    parts = {
        "basis": basis(filters),
        "title": "Every number here can be checked",
        "subtitle": "Examples are tests.",
        "topics": (ShownTopic("Sessions", (ShownDefinition("Without milk", "0 mL.", (example,)),)),),
        "estimates": remark,
        "settings": (
            ShownSetting("review.pain", "Warning signs", "7", "of 10", "Severe.", "Assumed."),
            ShownSetting("privacy.cell", "Privacy", "10", "people", "Few.", "A registry."),
        ),
        "setting_numbers": Numbers("settings", ("name",), (("review.pain",),)),
        "errors": errors,
        "rules": RuleSection(
            "It found 9 of 10", "It found 9 of 10 courses.", (RuleRow("Pain", "", "0 of 10 people"),), NUMBERS
        ),
        "dictionary": dictionary,
        "limits": remark,
        "privacy": remark,
        "reporting": remark,
        "provenance": Provenance(facts, readers, (("pandas", "3.1"),), Numbers("provenance", ("kind",), ())),
        "citation": Citation("The authors. The product.", "@software{x}", "Please cite."),
    }
    return MethodsPage(**(parts | more))


def sign(id: str, wording: str, priority: str, state: str = CURRENT, first_day: int = 20) -> FiredSign:
    """One episode of three days."""
    urgency = {"A": "today", "B": "within one or two days", "C": "this week"}[priority]
    reason = f"{wording}, in numbers"
    return FiredSign(
        id, wording, priority, urgency, state, first_day, first_day + 2, reason, (("f" * 64, 7),), ()
    )


LISTED = (
    ListedPerson("P-FEVER", "North", (sign("breast_infection", "Feverish", "A"),), ()),
    ListedPerson("P-FALL", "North", (sign("falling_volume", "Less milk", "B"),), ()),
    ListedPerson("P-OTHER", "South", (sign("falling_volume", "Less milk", "B"),), ()),
    ListedPerson("P-QUIET", "South", (sign("gone_quiet", "No entries lately", "C"),), ()),
    ListedPerson("P-OLD", "South", (sign("nipple_damage", "Nipple damage", "B", "past", 4),), ()),
)


def rule(id: str, wording: str) -> RuleCard:
    """A rule as the page explains it."""
    return RuleCard(id, wording, "B", False, "Below 60 %.", "Assumed.", "A weekend.", "Compare.", (), ())


def review(filters: Filters, **more) -> ReviewPage:
    """A list with somebody in every group that is open without a mark."""
    synthetic = more.get("basis", basis(filters)).synthetic
    rules = tuple(rule(each.first.id, each.first.wording) for each in LISTED)
    found = Review("Study", synthetic, 7, "", "No monitoring service.", 240, LISTED, rules)
    parts = {
        "basis": basis(filters),
        "found": found,
        "title": "Four of 240 mothers need a look, one of them today",
        "read_at": "2026-11-24",
        "people": 240,
        "listed": LISTED,
        "offsets": {person.participant_id: (10, True) for person in LISTED},
    }
    return ReviewPage(**(parts | more))


def course(code: str, **more) -> Course:
    """A course of four days with a gap, a report and a clinical mark."""
    parts = {
        "participant_id": code, "cohort": "North", "title": "One of 3 sessions without milk", "day_axis": AFTER_BIRTH,
        "offset": 10, "first_day": 28, "last_day": 32, "days": (CourseDay(28, 2, 300.0), CourseDay(32, 1, 120.0)),
        "sessions": (CourseSession(28, 480, "milk", 60.0), CourseSession(32, 485, "empty", 0.0)),
        "reports": (CourseReport("blocked_duct", "Blocked duct", (32,)),),
        "signs": (CourseSpan("falling_volume", "Less milk", 30, 32, CURRENT),),
        "gaps": (CourseSpan("gap", "no log", 29, 31),),
        "marks": (CourseMark("milk_came_in", "Milk came in", "reached", "reached", "Three sessions", "An app."),),
        "bands": tuple(CurvePoint("", day, half, 400 * half, 0, 900, 40, "estimated") for half in (0.25, 0.5, 0.75)
                       for day in range(28, 33)),
        "bands_of": "everybody", "no_milk": 1, "known": 3, "listed": None,
    }  # fmt: skip
    return Course(**(parts | more))


def person(code: str, **more) -> PersonView:
    """Whoever is listed, each with the same course; an unknown code is refused."""
    entry = next((each for each in LISTED if each.participant_id == code), None)
    if entry is None:
        raise InputError(f"There is no log of '{code}' in this study.")
    row = ShownRow("f" * 64, 7, "30", "06:40", "no milk (0 mL)")
    statements = (Statement("consult.overview", "Ask when nothing comes."),)
    reasons = tuple(
        SignReason(each, rule(each.id, each.wording), "day 30, recent", (row,), statements)
        for each in entry.signs
    )
    parts = {
        "participant_id": code, "cohort": entry.cohort, "title": f"{code}: {reasons[0].sign.reason}",
        "reasons": reasons, "notes": (("Few sessions", "Fewer than 5 a day."),), "course": course(code),
        "no_course": "", "numbers": NUMBERS,
    }  # fmt: skip
    return PersonView(**(parts | more))


def trends(filters: Filters, **more) -> TrendsPage:
    """A chart with one special day, one measure without a chart, and one thing that can be changed."""
    points = tuple(TrendPoint(day, 5.0 + day, day == 3) for day in range(4))
    share = Trend("no_milk", "Sessions without milk", "of 100 sessions", points, 6.0, 4.0, 7.5, "Day 3 lies above.",
                  "8 now; 9 before.", NUMBERS, headline="Without milk: 8 now, 9 before")  # fmt: skip
    none = Trend(
        "volume",
        "Milk in a day",
        "mL",
        (),
        None,
        None,
        None,
        "",
        "No weeks.",
        unavailable="Too few days.",
        headline="Milk in a day",
    )
    parts = {
        "basis": basis(filters),
        "trends": (share, none),
        "reported": (Reported("engorgement", "Overfull breasts", 53, 240),),
        "modifiable": (Modifiable("setting", "Surroundings", "calm", "7 beside 9.", 173, 1300),),
    }
    return TrendsPage(**(parts | more))
