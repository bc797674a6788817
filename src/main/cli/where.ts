import type { FlagSpec, ParsedFlags } from './flags.ts';

/** A filter in the language of the window's tables. */
export const WHERE_FLAG: FlagSpec = {
  name: 'where',
  kind: 'string',
  placeholder: 'filter',
  help: 'only experiments that fit, such as "state=failed and lr>0.01"',
};

export function whereOf(values: ParsedFlags['values']): string | null {
  const where = values.get('where');
  return typeof where === 'string' ? where : null;
}
