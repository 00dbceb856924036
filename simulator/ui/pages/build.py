"""Make a case: four steps from an empty page to a probability, the answer beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from simulator import report
from simulator.errors import InputError
from simulator.report.charts import over_time
from simulator.report.documents.assumptions import judged, judgements
from simulator.scenario import Scenario
from simulator.scenario.parameters import Knob
from simulator.ui import session
from simulator.ui.widgets import case, dialogs, pasting
from simulator.ui.widgets.case import STEP
from simulator.ui.widgets.charts import STYLE, draw, heading, plain
from simulator.ui.widgets.edits import NOUNS, deck
from simulator.values.wording import capital
from simulator.workspace import builder
from simulator.workspace.builder import FIGURES, MEASURES, SAVE, STEPS, WHO, Made
from simulator.workspace.drivers import LONGEST
from simulator.workspace.form import ASKED, SHARED, SIDES, UNITS, Form, Goal

PATH = "make-a-case"
KINDS = {False: "Two countries", True: "One country and the world"}
MOST_GOALS = 3
REFUSED = "case-refused"  # why a name was not taken
SEEN = "case-measures-seen"  # whether the step of the measures was looked at
TAKEN_AWAY = "case-saved"  # the text of the file that was downloaded last
PREVIEW = """<style>
.st-key-case-steps [role="radiogroup"] { flex-wrap: wrap; }
.st-key-case-goals [data-testid="stHorizontalBlock"] { gap: .5rem; }
@media (min-width: 901px) { .st-key-case-preview { position: sticky; top: 4.5rem; } }
</style>"""


def page() -> None:
    """The page."""
    session.desk()
    st.html(STYLE + PREVIEW)
    form = case.form()
    made = case.made(form)
    _head(form)
    step = _steps(made)
    left, right = st.columns([0.6, 0.4], gap="large")
    with left:
        with st.container(key=f"case-step-{STEPS.index(step)}"):  # what follows keeps its place
            SHOWN[step](form, made)
        _onward(step)
    with right, st.container(key="case-preview"):
        _preview(made)
    case.keep(form)
    session.remember(top=f"case {step}")


def _head(form: Form) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
        st.title("Make a case", anchor=False)
        if form.begun:
            st.button("Start afresh", icon=":material/restart_alt:", on_click=case.start_afresh)


def _steps(made: Made) -> str:
    """The steps, to go to any of them; those that are complete have a tick."""

    def label(step: str) -> str:
        tick = " \u2713" if step != SAVE and _complete(made, step) else ""
        return f"{STEPS.index(step) + 1}. {step}{tick}"

    with st.container(key="case-steps"):
        step = st.segmented_control(
            "Steps",
            STEPS,
            default=WHO,
            format_func=label,
            required=True,
            key=case.key_of(STEP),
            label_visibility="collapsed",
        )
    return step or WHO


def _complete(made: Made, step: str) -> bool:
    """Whether a step is complete: that of the measures, which may stay empty, once it was looked at."""
    if step == MEASURES:
        return made.scenario is not None and st.session_state.get(SEEN, False)
    return made.ready(step)


def _onward(step: str) -> None:
    """Back and next."""
    place = STEPS.index(step)
    with st.container(horizontal=True, key="case-onward"):
        if place:
            st.button("Back", on_click=_go, args=(STEPS[place - 1],), icon=":material/arrow_back:")
        if place < len(STEPS) - 1:
            following = STEPS[place + 1]
            st.button(f"Next: {following.lower()}", type="primary", on_click=_go, args=(following,))


def _go(step: str) -> None:
    st.session_state[case.key_of(STEP)] = step


def _field(
    make: Callable[..., object], holder: object, name: str, key: str, label: str, **options: Any
) -> None:
    """A field that begins with what the form holds.

    What it begins with goes with the message of every run: where two follow closely the page gets the later
    one's alone, and a value that stood in the session since the first would never have reached it.
    """
    present, choices = getattr(holder, name), [*options.get("options", ())]
    begins = {"index": choices.index(present)} if choices else {"value": present}
    make(label, key=case.key_of(key), **begins, **options)


# Who and what


def _who(form: Form, made: Made) -> None:
    st.segmented_control(
        "Whose trade",
        [*KINDS],
        default=form.nation,
        required=True,
        format_func=KINDS.__getitem__,
        key=case.key_of("nation"),
    )
    left, right = st.columns(2)
    home = "Country" if form.nation else "Home: whose exports are meant"
    _field(left.text_input, form, "home", "home", home, max_chars=60)
    if not form.nation:
        _field(right.text_input, form, "partner", "partner", "Partner: the other country", max_chars=60)
    left, middle, right = st.columns(3)
    _field(left.text_input, form, "currency", "currency", "Currency (code)", max_chars=3)
    _field(middle.selectbox, form, "unit", "unit", "Unit of all amounts", options=UNITS)
    _field(right.text_input, form, "as_of", "as_of", "Day of the question", max_chars=10)
    heading("What is to be reached")
    with st.container(key="case-goals"):
        for number, goal in enumerate(form.goals):
            _goal(form, number, goal)
    with st.container(horizontal=True):
        if len(form.goals) < MOST_GOALS:
            st.button("And another target", icon=":material/add:", on_click=_add_goal, args=(form,))
        if len(form.goals) > 1:
            st.button("Without the last", icon=":material/remove:", on_click=_drop_goal, args=(form,))
    _wrong(made, WHO)


def _add_goal(form: Form) -> None:
    if len(form.goals) < MOST_GOALS:  # a button may be pressed again before the page is drawn without it
        form.goals.append(Goal())


def _drop_goal(form: Form) -> None:
    number = len(form.goals) - 1
    if not number:
        return
    form.goals.pop()
    for name in case.GOAL_FIELDS:
        st.session_state.pop(case.key_of(f"goal-{number}-{name}"), None)


def _goal(form: Form, number: int, goal: Goal) -> None:
    """A target as a sentence of fields: turnover, is at least, 500, in 2028."""
    key = f"goal-{number}-"
    money = goal.side in ("at_least", "at_most")
    unit = f"{form.unit} {form.currency.strip().upper()}" if money else "percent"
    what, how, much, when = st.columns([0.24, 0.32, 0.24, 0.2], vertical_alignment="bottom")
    first = capital("and " if number else "")
    _field(
        what.selectbox, goal, "measure", f"{key}measure", f"{first}What", options=ASKED, format_func=capital
    )
    _field(how.selectbox, goal, "side", f"{key}side", "How", options=[*SIDES], format_func=SIDES.__getitem__)
    _field(
        much.text_input,
        goal,
        "number",
        f"{key}number",
        f"How much, {unit}",
        placeholder="500" if money else "8",
    )
    _field(when.text_input, goal, "period", f"{key}period", "In", placeholder="2028")
    _field(
        st.text_input,
        goal,
        "resolved_by",
        f"{key}resolved_by",
        "Which statistic settles it (offices differ; may stay empty)",
        max_chars=200,
    )
    if goal.side.startswith("share"):
        _field(st.selectbox, goal, "of", f"{key}of", "Of which total", options=SHARED, format_func=capital)
    if goal.side.startswith("growth"):
        label = "Since (left empty: on the year before)"
        _field(st.text_input, goal, "since", f"{key}since", label, placeholder="2024")


def _wrong(made: Made, step: str) -> None:
    """What is wrong or odd on a step, in a few lines."""
    problems = made.of(step)
    if problems:
        st.warning("Look at this:")
        lines = [str(problem) for problem in problems[: pasting.MOST_TOLD]]
        more = len(problems) - len(lines)
        st.code("\n".join([*lines, *([f"and {more} more"] if more else [])]), language=None, wrap_lines=True)


# Figures


def _figures(form: Form, made: Made) -> None:
    st.text(
        "The published figures: months, quarters or years of exports, imports or turnover. One year is "
        "enough to begin with; the more there is, the more is known."
    )
    case.table(form)
    heading(f"The figures, in {form.unit} {form.currency.strip().upper()}")
    case.figures(form, made)
    _wrong(made, FIGURES)


# Measures


def _measures(form: Form, made: Made) -> None:
    st.session_state[SEEN] = True
    st.text("What is under discussion. None is fine: the answer is then that of trade as it usually goes.")
    with st.container(key="case-drivers"):
        refused = st.session_state.pop(REFUSED, "")
        if refused:
            st.error(plain(refused))
        for key in form.drivers:
            _driver(form, key, made.scenario)
    if made.scenario is None:
        st.info("Measures are sized by the trade of the case: give the target and the figures first.")
    act = partial(builder.add, form, made.scenario) if made.scenario else None
    for section, noun in NOUNS.items():
        heading(f"Add a {noun}")
        deck(section, "case", ready=act is not None, act=act)
    _wrong(made, MEASURES)


def _driver(form: Form, key: str, scenario: Scenario | None) -> None:
    """A measure or risk of the case: its name, its size and start, a copy, a way out."""
    name, field = str(form.drivers[key]["name"]), f"case-name-{key}"
    noun = NOUNS[key.partition(".")[0]].capitalize()
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"case-driver-{key}"):
        st.text_input(noun, name, LONGEST, field, on_change=_renamed, args=(form, key, field))
        for knob in builder.numbers(scenario, key) if scenario else ():
            _number(form, scenario, knob)
        for label, icon, act in (
            ("Copy", ":material/content_copy:", builder.copy),
            ("Remove", ":material/delete:", builder.remove),
        ):
            help = plain(f"{label} {name}")
            st.button(label, f"case-{label}-{key}", help, act, args=(form, key), icon=icon)


def _number(form: Form, scenario: Scenario | None, knob: Knob) -> None:
    """One number of a measure or risk; all others can be turned on Explore."""
    field, now = f"case-number-{knob.path}", knob.written(knob.value)
    st.session_state[field] = now
    label = "Starts" if not knob.main else capital(knob.counts or knob.help)
    help = plain(
        f"{capital(knob.help)}; {knob.written(knob.low)} to {knob.written(knob.high)}. The rest on Explore."
    )
    args = form, scenario, knob, field
    st.text_input(label, key=field, width=170, help=help, on_change=_turned, args=args)


def _turned(form: Form, scenario: Scenario, knob: Knob, field: str) -> None:
    if ".".join(map(str, knob.address[:2])) not in form.drivers:
        return
    try:
        builder.turn(form, scenario, knob, st.session_state[field])
    except InputError as error:
        st.session_state[REFUSED] = f"{capital(knob.help)}: {error}"


def _renamed(form: Form, key: str, field: str) -> None:
    if key not in form.drivers:
        return
    try:
        builder.rename(form, key, st.session_state[field])
    except InputError as error:
        st.session_state[REFUSED] = str(error)
        st.session_state[field] = form.drivers[key]["name"]


# Check and save


def _save(form: Form, made: Made) -> None:
    if made.scenario is None:
        st.info("The case cannot be answered yet; beside this stands what is missing.")
        return
    result = session.answer(made.scenario)
    which = judgements(result)
    st.text(judged(result) or "The case states figures and a target, and no assumption of its own.")
    if which:
        with st.expander(f"The {len(which)} that are our assumption"):
            st.text("\n".join(which))
    notes = [*report.notes(result), *map(str, made.looks)]
    if notes:
        heading("What a reader should know")
        for note in notes:
            st.text(note)
    heading("Name and save")
    _hand_over(form, made)
    with st.expander("Show the file"):
        st.code(made.text, language="yaml", wrap_lines=True)


def _hand_over(form: Form, made: Made) -> None:
    """Its title and name, and the ways in which the case is kept."""
    _field(st.text_input, form, "title", "title", "Title", placeholder=form.headline, max_chars=160)
    _field(st.text_input, form, "name", "name", "Name of the file", placeholder=form.file, max_chars=60)
    office = session.folder()
    with st.container(horizontal=True, key="case-save"):
        if office is not None and st.button(
            "Save to the folder", icon=":material/save:", type="primary", key="case-office"
        ):
            _keep(form, made)
        st.download_button(
            "Save the file" if office is None else "Download the file",
            made.text,
            f"{form.file}.yaml",
            "application/yaml",
            icon=":material/download:",
            type="primary" if office is None else "secondary",
            on_click=partial(st.session_state.update, {TAKEN_AWAY: made.text}),
            key="case-yaml",
        )
        explore = st.button("Open on Explore", icon=":material/tune:", key="case-open")
        share = st.button("A link to it", icon=":material/link:", key="case-link")
    if explore or share:
        _open(form, made, "Share" if share else None)


def _keep(form: Form, made: Made) -> None:
    """Write the case into the office's folder, and go on with it there; else why not."""
    session.open_made(made.text, f"{form.file}.yaml", saved=False)
    fault = session.save_as(form.file)
    if fault:
        st.error(plain(fault))
    else:
        session.go("Explore")


def _open(form: Form, made: Made, dialog: str | None) -> None:
    """Lay the case on the desk, and go to it."""
    saved = session.folder() is None and st.session_state.get(TAKEN_AWAY) == made.text
    session.open_made(made.text, f"{form.file}.yaml", saved=saved)
    dialogs.close()
    if dialog:
        st.session_state[dialogs.OPENED] = dialog
    session.go("Explore")


# The answer beside


def _preview(made: Made) -> None:
    """The probability and the fan as soon as there is an answer; else what is missing, in sentences."""
    heading("The answer so far")
    if made.scenario is None:
        _lacking(made)
        return
    result = session.answer(made.scenario)
    st.metric("Probability", report.probability(result))
    for line in report.distances(result):
        st.text(line)
    drawing = over_time.target_fan(result) if result.target_apart else None
    fan = drawing or over_time.fan(result, result.leading.measure, "year")
    if fan.rows:
        draw(fan, "case-fan", fan.alt)


def _lacking(made: Made) -> None:
    for problem in made.missing:
        st.text(problem.message)
    for problem in made.problems[: pasting.MOST_TOLD]:
        st.text(f"{problem.step}: {problem}")


SHOWN: dict[str, Callable[[Form, Made], None]] = {
    WHO: _who,
    FIGURES: _figures,
    MEASURES: _measures,
    SAVE: _save,
}
