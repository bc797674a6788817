import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** One sentence about wrong input that names the field, for people at any door. */
export function sentenceOfIssues(what: string, error: z.ZodError): string {
  const [first, ...others] = error.issues;
  if (first === undefined) return `The input of ${what} is wrong.`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `The input of ${what} is wrong: ${describe(first)}${more}.`;
}

function describe(issue: Issue): string {
  const field = issue.path.length === 0 ? 'it' : issue.path.join('.');
  switch (issue.code) {
    case 'too_small':
      return `${field} must be ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}`;
    case 'too_big':
      return `${field} must be ${issue.inclusive === false ? 'less than' : 'at most'} ${String(issue.maximum)}`;
    case 'unrecognized_keys':
      return `${issue.keys.join(', ')} ${issue.keys.length === 1 ? 'is' : 'are'} not known here`;
    case 'invalid_value':
      return `${field} must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type':
      return `${field} must be of the type ${issue.expected}`;
    default:
      return `${field}: ${issue.message}`;
  }
}
