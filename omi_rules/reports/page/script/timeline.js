// The timeline of a case: a line a duty, from the start of supervision to the day as at which it was judged.

function timelineOf(records, number, duties) {
  const today = dayOf(records.asAt);
  const start = records.caseStart[number];
  const days = duties.flatMap((duty) => [duty.due, duty.done]).filter((day) => day !== NO_DAY);
  const first = Math.min(...days, start || Infinity, today);
  const last = Math.max(...days, today);
  const span = Math.max(last - first, 1);
  const along = (day) => `${((100 * (day - first)) / span).toFixed(2)}%`;
  const holidays = holidaysBetween(records, first, last);
  const rows = duties.map((duty) => make("tr", {},
    make("th", { scope: "row", class: "duty" }, duty.rule.title),
    make("td", { class: "chart-cell" }, track(duty, { start, today, along, holidays })),
    make("td", {}, outcomeMark(duty.outcome)),
    make("td", { class: "number" }, writtenDay(duty.due, 3)),
    make("td", { class: "number" }, writtenDay(duty.done, 3)),
    make("td", { class: "number" }, latenessOf(duty, today))));
  return [
    make("div", { class: "scroll", role: "region", "aria-label": "Duties along time", tabindex: "0" },
      make("table", { class: "timeline" },
        make("thead", {}, make("tr", {},
          make("th", { scope: "col" }, "Duty"),
          make("th", { scope: "col", class: "chart-cell" }, make("span", { class: "hidden" }, "Chart from due date to date done"), axis(first, last, along)),
          ...["Outcome", "Due", "Done", "Days late"].map((title, place) => make("th", { scope: "col", class: place ? "number" : null }, title)))),
        make("tbody", {}, rows))),
    timelineKey(),
    holidayWords(holidays),
  ];
}

function latenessOf(duty, today) {
  if (duty.due === NO_DAY) return "";
  if (duty.outcome === "missing") return amount(today - duty.due);
  return duty.done > duty.due ? amount(duty.done - duty.due) : "";
}

function track(duty, { start, today, along, holidays }) {
  const middle = 14;
  const line = (name, from, to) => draw("line", { class: name, x1: along(from), x2: along(to), y1: middle, y2: middle });
  const upright = (name, day, top, bottom) => draw("line", { class: name, x1: along(day), x2: along(day), y1: top, y2: bottom });
  const marks = holidays.map(([day]) => upright("holiday", day, 0, 28));
  marks.push(upright("today", today, 0, 28));
  if (start !== NO_DAY) marks.push(upright("start", start, 0, 28));
  const end = duty.due !== NO_DAY ? duty.due : duty.done;
  if (start !== NO_DAY && start < end) marks.push(line("window", start, end));
  if (duty.due !== NO_DAY) {
    if (duty.outcome === "missing" && today > duty.due) marks.push(line("overdue", duty.due, today));
    if (duty.done > duty.due) marks.push(line("behind", duty.due, duty.done));
    marks.push(upright("due-tick", duty.due, 6, 22));
  }
  if (duty.done !== NO_DAY) marks.push(draw("circle", { class: "done-dot", cx: along(duty.done), cy: middle, r: 4.5 }));
  return draw("svg", { class: "chart", "aria-hidden": "true", focusable: "false" }, marks);
}

// Months along the top: as many as there is room for.
function axis(first, last, along) {
  const step = Math.max(1, Math.ceil((last - first) / 30.4 / 4));
  const labels = [];
  const date = dateOf(first);
  for (let month = date.getUTCFullYear() * 12 + date.getUTCMonth() + 1; ; month += step) {
    const year = Math.floor(month / 12);
    const day = dayOf(`${year}-${String((month % 12) + 1).padStart(2, "0")}-01`);
    if (day > last) break;
    const where = (day - first) / Math.max(last - first, 1);
    if (where < 0.88) labels.push(draw("text", { x: along(day), y: 28 }, `${MONTHS[month % 12].slice(0, 3)} ${year}`));
  }
  return draw("svg", { class: "axis", "aria-hidden": "true", focusable: "false" }, labels);
}

function timelineKey() {
  const swatch = (...parts) => draw("svg", { class: "swatch", "aria-hidden": "true" }, parts);
  const level = (name) => draw("line", { class: name, x1: 0, x2: "100%", y1: 7, y2: 7 });
  const upright = (name) => draw("line", { class: name, x1: "50%", x2: "50%", y1: 0, y2: 14 });
  return make("p", { class: "key" },
    swatch(level("window")), " from the start of supervision to the due date", swatch(upright("start")), " start", swatch(upright("due-tick")), " due",
    swatch(draw("circle", { class: "done-dot", cx: "50%", cy: 7, r: 4.5 })), " done", swatch(level("behind")), " late",
    swatch(level("overdue")), " overdue", swatch(upright("today")), " the day of the page", swatch(upright("holiday")), " bank holiday");
}

function holidaysBetween(records, first, last) {
  return records.holidays.days.map(([iso, name]) => [dayOf(iso), name]).filter(([day]) => first <= day && day <= last);
}

function holidayWords(holidays) {
  if (!holidays.length) return make("p", { class: "quiet" }, "No bank holiday lies in this time.");
  return make("details", {}, make("summary", {}, `${counted(holidays.length, "bank holiday")} in this time`),
    make("ul", { class: "plain columns" }, holidays.map(([day, name]) => make("li", {}, `${writtenDay(day)}: ${name}`))));
}
