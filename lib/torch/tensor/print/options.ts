/** Options of printing: `torch.set_printoptions` and its relatives. */
import { within } from '../../core';
import { pythonFunction } from '../../call';

/** Options that `set_printoptions` sets. */
export interface PrintOptions {
  /** Digits after the point. */
  precision: number;
  /** Tensors with more elements are shown by their edges. */
  threshold: number;
  /** Items shown at each end of a dimension that is cut. */
  edgeitems: number;
  /** Characters in a line. */
  linewidth: number;
  /** Scientific notation: always, never, or (null) where the values ask for it. */
  sci_mode: boolean | null;
}

type Profile = 'default' | 'short' | 'full';

const profiles: Readonly<Record<Profile, Omit<PrintOptions, 'sci_mode'>>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Number.POSITIVE_INFINITY, edgeitems: 3, linewidth: 80 },
};

/** The options in force. */
export const PRINT_OPTS: PrintOptions = { ...profiles.default, sci_mode: null };

/**
 * Sets how tensors are printed. What is left out or null stays, except for `sci_mode`, which becomes null. A `profile`
 * (`default`, `short` or `full`) sets all but `sci_mode` first.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_printoptions.html
 */
export const set_printoptions = pythonFunction(
  'set_printoptions',
  ['precision', 'threshold', 'edgeitems', 'linewidth', 'profile', 'sci_mode'],
  (
    precision: number | null = null,
    threshold: number | null = null,
    edgeitems: number | null = null,
    linewidth: number | null = null,
    profile: Profile | null = null,
    sci_mode: boolean | null = null,
  ): void => {
    if (profile !== null && Object.hasOwn(profiles, profile)) Object.assign(PRINT_OPTS, profiles[profile]);
    for (const [name, value] of Object.entries({ precision, threshold, edgeitems, linewidth })) {
      if (value === null) continue;
      if (typeof value !== 'number') {
        throw new TypeError(`set_printoptions(): argument '${name}' must be a number, not ${typeof value}`);
      }
      Object.assign(PRINT_OPTS, { [name]: value });
    }
    PRINT_OPTS.sci_mode = sci_mode;
  },
);

/** The options in force, as `set_printoptions` takes them. */
export const get_printoptions = pythonFunction('get_printoptions', [], (): PrintOptions => {
  return { ...PRINT_OPTS };
});

/** Runs `body` with other options, and puts the old ones back. `options` are those of `set_printoptions`. */
export function printoptions<T>(options: Partial<PrintOptions> & { profile?: Profile | null }, body: () => T): T {
  return within(
    'printoptions',
    () => {
      const before = get_printoptions();
      set_printoptions(options);
      return before;
    },
    set_printoptions,
    body,
  );
}
