/** What a Mac mini needs beside the machine that wrote the lockfile. */
const TARGET = { os: 'darwin', cpu: 'arm64' };

/** Paths at which Node would look for `name` from `from`, nearest first. */
function candidates(from, name) {
  const found = [];
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    found.push(`${at}${at ? '/' : ''}node_modules/${name}`);
    if (at === '') return found;
    if (!at.includes('/node_modules/')) at = '/node_modules/';
  }
}

/**
 * What is wrong with a lockfile, a sentence each. npm silently drops optional packages that a registry lacks, and `npm ci` then
 * fails on another machine; addresses of a registry must not be committed.
 */
export function lockfileProblems(lock) {
  const problems = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (entry.resolved)
      problems.push(`${path} carries a download address; keep omit-lockfile-registry-resolved in .npmrc.`);
    if (path !== '' && !entry.link && !entry.integrity) problems.push(`${path} has no integrity hash.`);
    const optional = Object.keys(entry.optionalDependencies ?? {});
    for (const name of optional) {
      if (!candidates(path, name).some((place) => place in lock.packages)) {
        problems.push(
          `${path || 'package.json'} wants ${name}, which has no entry; pin a version whose platform packages exist.`,
        );
      }
    }
    const platforms = optional.filter((name) => /(darwin|linux)-(arm64|x64)/.test(name));
    if (platforms.length > 0 && !platforms.some((name) => name.includes(`${TARGET.os}-${TARGET.cpu}`))) {
      problems.push(`${path} has platform packages but none for ${TARGET.os}-${TARGET.cpu}.`);
    }
  }
  return problems;
}
