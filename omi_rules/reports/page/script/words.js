// Numbers, dates and outcomes as people write them.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const NOT_RECORDED = "not recorded";
const MOST_LETTERS = 80;
const OUTCOME_WORDS = { conclusion: "Conclusion", missing: "Missing", late: "Late", not_met: "Not met", due: "Due", unknown: "Unknown", met: "Met" };
const OUTCOME_SHAPES = { conclusion: "concluded", missing: "missed", late: "near", not_met: "missed", due: "due", unknown: "untold", met: "good" };
const ORDER_WORDS = { community_order: "Community order", suspended_sentence_order: "Suspended sentence order", licence: "Licence" };
const LEVEL_NAMES = { division: "Division", team: "Team", officer: "Officer", case: "Case" };

const amounts = new Intl.NumberFormat("en-GB");

function amount(number) {
  return amounts.format(number);
}

function counted(number, noun, plural = `${noun}s`) {
  return `${amount(number)} ${number === 1 ? noun : plural}`;
}

function share(part, whole) {
  if (!whole) return "–";
  const percent = Math.round((100 * part) / whole);
  return `${part > 0 && part < whole ? Math.min(Math.max(percent, 1), 99) : percent}%`;
}

function dateOf(day) {
  return new Date(FIRST_DAY + (day - 1) * A_DAY);
}

function dayOf(iso) {
  return Math.round((Date.parse(`${iso}T00:00:00Z`) - FIRST_DAY) / A_DAY) + 1;
}

function isoDay(day) {
  return day === NO_DAY ? "" : dateOf(day).toISOString().slice(0, 10);
}

function writtenDay(day, length = 9) {
  if (day === NO_DAY) return "";
  const date = dateOf(day);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()].slice(0, length)} ${date.getUTCFullYear()}`;
}

// The reason of a finding: its words with the dates and days back in their places.
function reasonOf(records, number) {
  const days = records.findingLate[number] - 1;
  return records.reasons[records.findingReason[number]]
    .replaceAll("\ue000", writtenDay(records.findingDue[number]))
    .replaceAll("\ue001", writtenDay(records.findingDone[number]))
    .replaceAll("\ue002", `${days} ${days === 1 ? "day" : "days"}`);
}

function shortened(text) {
  if (text === null || text === undefined) return NOT_RECORDED;
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS - 1)}…`;
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
