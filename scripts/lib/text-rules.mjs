const SOURCE = /^(src|scripts|resources|bench)\/.*\.(ts|tsx|mjs|py|css)$/;
const CODE = /\.(ts|tsx|mjs|cjs|py|css)$/;
const MAX_LINES = 400;
const MAX_TEST_LINES = 500;
/** Copied as one file into every run folder, so that an update of the app cannot change a live run. */
const WHOLE = 'resources/python/minibatch/supervisor.py';
const MAX_WHOLE_LINES = 880;
const EXEMPT =
  /^(test\/fixtures\/|scripts\/lib\/text-rules\.mjs$|test\/unit\/packaging\/text-rules\.test\.ts$)/;

const FORBIDDEN = [
  [/(^|[^\w.~-])\/(work|farm|root)\//, 'a path of one machine'],
  [
    /registry\.npmjs\.org|registry\.yarnpkg\.com|files\.pythonhosted\.org|pypi\.org\/simple|--index-url|index-url *=/,
    'the address of a registry',
  ],
  [
    /@ts-(ignore|expect-error|nocheck)|(eslint|oxlint)-disable|biome-ignore|# *type: *ignore/,
    'a suppressed check',
  ],
  [/^(<{7}|>{7})( |$)/, 'a merge conflict'],
];

function lineLimit(path) {
  if (path === WHOLE) return MAX_WHOLE_LINES;
  if (SOURCE.test(path)) return MAX_LINES;
  return CODE.test(path) && path.startsWith('test/') ? MAX_TEST_LINES : Number.POSITIVE_INFINITY;
}

/** What a file says or is that no file may, as `path:line: sentence`. */
export function textProblems(path, text) {
  if (EXEMPT.test(path)) return [];
  const problems = [];
  const lines = text.split('\n');
  const limit = lineLimit(path);
  const count = lines.length - 1;
  if (count > limit) problems.push(`${path}:${count}: more than ${limit} lines; split it by noun.`);
  for (const [index, line] of lines.entries()) {
    for (const [pattern, what] of FORBIDDEN) {
      if (pattern.test(line)) problems.push(`${path}:${index + 1}: contains ${what}.`);
    }
  }
  return problems;
}

/** Names that are exported from `sources` and stand nowhere else in `all`: both map a path to its text. */
export function deadExports(sources, all) {
  const counts = new Map();
  for (const text of Object.values(all)) {
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Object.entries(sources).flatMap(([path, text]) =>
    [...text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)]
      .filter(([, name]) => counts.get(name) === 1)
      .map(([, name]) => `${path}: nothing uses ${name}.`),
  );
}
