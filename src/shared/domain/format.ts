/** U+2009: stands between a number and its unit. */
export const THIN_SPACE = '\u2009';
export const NOT_AVAILABLE = 'not available';

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;
const MB_PER_GB = 1_024;
const BYTES_PER_MB = 1_048_576;

/** A number with its unit, a thin space between them. */
export function withUnit(text: string, unit: string): string {
  return unit === '' ? text : `${text}${THIN_SPACE}${unit}`;
}

/** Thousands separated by commas; `digits` = decimal places, trailing zeros kept. Null = "not available". */
export function formatNumber(value: number | null, digits = 0): string {
  if (value === null) return NOT_AVAILABLE;
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const [whole = '0', decimals] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = decimals === undefined ? grouped : `${grouped}.${decimals}`;
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? `−${text}` : text;
}

/** "1 run", "19 runs". */
export function formatCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}

/** A whole number that may be a product of anything: beyond what is exact it is no figure any more. */
export function formatProduct(value: number): string {
  return value <= Number.MAX_SAFE_INTEGER ? formatNumber(value) : 'more than 10^15';
}

/** "a, b and 3 more": `most` of the names, and how many others there are. */
export function formatNames(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Three significant digits at most, without exponents from 0.001 to 10^6. */
export function formatFigure(value: number | null): string {
  if (value === null || !Number.isFinite(value) || value === 0) return formatNumber(value);
  const size = Math.abs(value);
  if (size < 0.001 || size >= 1e6) {
    return value.toExponential(2).replace('e+', 'e').replaceAll('-', '−');
  }
  return formatNumber(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A number of a result: counts and sizes stay whole, everything else is a figure. */
export function formatResult(value: number | null): string {
  return value !== null && Number.isSafeInteger(value) ? formatNumber(value) : formatFigure(value);
}

/**
 * Seconds as people say them: "350 ms", "4.2 s", "40 s", "4 min 10 s", "26 min", "1 h 12 min", "2 d 3 h".
 * Below ten minutes seconds are told; above, they would pretend to a precision nobody has.
 */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NOT_AVAILABLE;
  const size = Math.max(0, seconds);
  if (size === 0) return withUnit('0', 's');
  if (size < 0.9995) return withUnit(formatNumber(Math.max(1, size * 1_000)), 'ms');
  if (size < 9.95) return withUnit(trimZero(size.toFixed(1)), 's');
  const whole = Math.round(size);
  if (whole < MINUTE) return withUnit(String(whole), 's');
  if (whole < 10 * MINUTE) return twoUnits({ value: whole, large: MINUTE, small: 1, names: ['min', 's'] });
  const minutes = Math.round(size / MINUTE);
  if (minutes < 60) return withUnit(String(minutes), 'min');
  if (minutes < 24 * 60) return twoUnits({ value: minutes, large: 60, small: 1, names: ['h', 'min'] });
  return twoUnits({ value: Math.round(size / HOUR) * HOUR, large: DAY, small: HOUR, names: ['d', 'h'] });
}

/** A time that is only guessed, rounded so that it does not jump with every sample: "about 25 s", "about 4 min". */
export function formatRoughDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NOT_AVAILABLE;
  if (seconds < 5) return 'a few seconds';
  if (seconds < 57.5) return `about ${withUnit(String(Math.round(seconds / 5) * 5), 's')}`;
  return `about ${formatDuration(Math.max(1, Math.round(seconds / MINUTE)) * MINUTE)}`;
}

/** Bytes with 1 GB = 2^30: "2.1 GB", "536 MB", "12 kB". */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return NOT_AVAILABLE;
  if (Math.abs(bytes) < 1_024) return withUnit(formatNumber(bytes), 'B');
  if (Math.abs(bytes) < BYTES_PER_MB) return withUnit(formatNumber(bytes / 1_024), 'kB');
  return formatMegabytes(bytes / BYTES_PER_MB);
}

/** MiB as "536 MB" or "2.1 GB". */
export function formatMegabytes(megabytes: number | null): string {
  if (megabytes === null || !Number.isFinite(megabytes)) return NOT_AVAILABLE;
  const size = Math.abs(megabytes);
  if (size < MB_PER_GB - 0.5)
    return withUnit(size < 9.95 ? trimZero(megabytes.toFixed(1)) : formatNumber(megabytes), 'MB');
  const gigabytes = megabytes / MB_PER_GB;
  return withUnit(
    Math.abs(gigabytes) < 99.95 ? trimZero(gigabytes.toFixed(1)) : formatNumber(gigabytes),
    'GB',
  );
}

/** "21.4 of 64 GB": the part in the unit of the whole, so that the two can be compared at a glance. */
export function formatPartOfBytes(part: number | null, whole: number): string {
  if (part === null || !Number.isFinite(part)) return NOT_AVAILABLE;
  const gigabytes = part / (BYTES_PER_MB * MB_PER_GB);
  return whole < BYTES_PER_MB * MB_PER_GB
    ? `${formatBytes(part)} of ${formatBytes(whole)}`
    : `${gigabytes.toFixed(1)} of ${formatBytes(whole)}`;
}

/** 0.63 as "63 %". */
export function formatPercent(fraction: number | null, digits = 0): string {
  return fraction === null || !Number.isFinite(fraction)
    ? NOT_AVAILABLE
    : withUnit(formatNumber(fraction * 100, digits), '%');
}

/**
 * A figure with its uncertainty: "0.982 ± 0.004". The uncertainty keeps one or two significant digits and
 * decides how many places the value shows.
 */
export function formatUncertain(value: number | null, error: number | null): string {
  if (value === null || !Number.isFinite(value)) return formatFigure(value);
  if (error === null || !Number.isFinite(error) || error <= 0) return formatFigure(value);
  const exponent = Math.floor(Math.log10(error));
  const leading = error / 10 ** exponent;
  // A leading 1 would lose half its meaning in rounding, so it keeps a second digit.
  const digits = Math.min(6, Math.max(0, -exponent + (leading < 1.95 ? 1 : 0)));
  return `${formatNumber(value, digits)} ± ${formatNumber(error, digits)}`;
}

/** A ratio such as a speed-up: "3.4 ×". */
export function formatTimes(ratio: number | null): string {
  return ratio === null || !Number.isFinite(ratio)
    ? NOT_AVAILABLE
    : withUnit(ratio < 100 ? ratio.toFixed(1) : formatNumber(ratio), '×');
}

/** Seconds; nobody looks at a clock for less. */
const WORTH_A_CLOCK = 600;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "23 Nov 2026" of a Unix time in seconds, in the machine's own time zone. */
export function formatDate(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1_000);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''} ${date.getFullYear()}`;
}

/** "23 Nov 2026, 10:15". */
export function formatMoment(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1_000);
  return `${formatDate(unixSeconds)}, ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** "10:15:07" of a Unix time in seconds, for moments near enough to be waited for. */
export function formatClock(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1_000);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

/** When something ends that goes on for so long: "22:04" today, with the date otherwise; null where minutes say enough. */
export function formatFinish(now: number, remainingSeconds: number | null): string | null {
  if (remainingSeconds === null || !Number.isFinite(remainingSeconds) || remainingSeconds < WORTH_A_CLOCK)
    return null;
  const end = formatMoment(now + remainingSeconds);
  return formatDate(now + remainingSeconds) === formatDate(now) ? (end.split(', ')[1] ?? end) : end;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, '');
}

function twoUnits(parts: {
  value: number;
  large: number;
  small: number;
  names: readonly [string, string];
}): string {
  const { value, large, small, names } = parts;
  const first = Math.floor(value / large);
  const rest = Math.round((value - first * large) / small);
  const head = withUnit(String(first), names[0]);
  return rest === 0 ? head : `${head} ${withUnit(String(rest), names[1])}`;
}
