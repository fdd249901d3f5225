// A view as a file of CSV, which a spreadsheet opens without running anything in it.

const FORMULA_STARTS = /^[-=+@\t\r\n＝＋－＠]/;
const BYTE_ORDER_MARK = "\ufeff";

function csvOf(view) {
  const columns = view.columns.map((column) => [column.name, column.text, column.number]);
  for (const [name, text] of view.onlyInFile || []) columns.push([name, text, false]);
  const lines = [columns.map(([name]) => name).join(",")];
  for (const row of view.rows) lines.push(columns.map(([, text, isNumber]) => cellText(text(row), isNumber)).join(","));
  return `${lines.join("\n")}\n`;
}

// Text that would be run as a formula gets a quotation mark before it.
function cellText(value, isNumber) {
  const text = !isNumber && FORMULA_STARTS.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function saveView(view, name) {
  const address = URL.createObjectURL(new Blob([BYTE_ORDER_MARK, csvOf(view)], { type: "text/csv" }));
  const link = make("a", { href: address, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
