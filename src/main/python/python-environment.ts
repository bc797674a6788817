type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The surroundings for looking at an interpreter or installing into one: this process's own, without what
 * would change what Python finds (other environments, paths) and without what Electron and npm leave behind.
 * Settings of pip, uv, proxies and certificates stay, because the machine's own way to packages applies.
 */
export function pythonEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !unwanted.test(entry[0]),
  );
  return {
    ...Object.fromEntries(kept),
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONIOENCODING: 'utf-8',
  };
}

const unwanted =
  /^(PYTHON.*|VIRTUAL_ENV.*|CONDA_.*|ELECTRON_.*|NODE_.*|npm_.*|MallocNanoZone|__PYVENV_LAUNCHER__|UV_PROJECT.*|PIP_TARGET|PIP_PREFIX|PIP_USER|PIP_REQUIRE_VIRTUALENV)$/;
