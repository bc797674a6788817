/** Absolute places of Apple's programs: the PATH of an app started from Finder is short and not to be trusted. */
export const macPrograms = {
  sysctl: '/usr/sbin/sysctl',
  ioreg: '/usr/sbin/ioreg',
  vmStat: '/usr/bin/vm_stat',
  notifyutil: '/usr/bin/notifyutil',
  pmset: '/usr/bin/pmset',
  swVers: '/usr/bin/sw_vers',
  systemProfiler: '/usr/sbin/system_profiler',
  ps: '/bin/ps',
  top: '/usr/bin/top',
  footprint: '/usr/bin/footprint',
} as const;
