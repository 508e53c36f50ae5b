/** Anomaly detection: where in the program the node that fails was recorded, and whether gradients turn NaN. */
import { native } from '../native';
import { type Arguments, cFunction, handBound, isKeywords } from '../call';
import { warn, within } from '../core';

interface State {
  enabled: boolean;
  checkNan: boolean;
}

function state(): State {
  return { enabled: native.is_anomaly_enabled(), checkNan: native.is_anomaly_check_nan_enabled() };
}

function enter(enabled: boolean, checkNan: boolean): State {
  const before = state();
  native.set_anomaly_enabled(enabled, checkNan);
  return before;
}

const leave = ({ enabled, checkNan }: State): void => native.set_anomaly_enabled(enabled, checkNan);

const parseSetEnabled = handBound('set_anomaly_enabled', ['bool enabled; bool check_nan=True']);

function checkFlag(name: string, argument: string, value: unknown): void {
  if (typeof value === 'boolean') return;
  throw new TypeError(`${name}(): argument '${argument}' must be a boolean, not ${typeof value}`);
}

/** `check_nan`, given by position or by keyword. */
function checkNanOf(name: string, given: unknown): boolean {
  const { check_nan = true } = isKeywords(given) ? given : { check_nan: given };
  checkFlag(name, 'check_nan', check_nan);
  return check_nan as boolean;
}

/** Whether anomaly detection is on. */
export const is_anomaly_enabled = cFunction('torch.is_anomaly_enabled', (): boolean => {
  return native.is_anomaly_enabled();
});

/** Whether anomaly detection looks for NaN. */
export const is_anomaly_check_nan_enabled = cFunction('torch.is_anomaly_check_nan_enabled', (): boolean => {
  return native.is_anomaly_check_nan_enabled();
});

/** Switches anomaly detection on or off. */
export function set_anomaly_enabled(
  ...args: Arguments<['enabled', 'check_nan'], [enabled: boolean, check_nan?: boolean]>
): void {
  const [enabled, check_nan = true] = parseSetEnabled(args).values as [boolean, boolean?];
  native.set_anomaly_enabled(enabled, check_nan);
}

/**
 * Runs `body` with anomaly detection on and returns its result: backward refuses to compute NaN, and a warning tells
 * where the operation whose derivative failed was called. Slow: for debugging only. Python: `with detect_anomaly():`.
 *
 * @see https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection
 */
export function detect_anomaly<T>(body: () => T): T;
export function detect_anomaly<T>(check_nan: boolean, body: () => T): T;
export function detect_anomaly<T>(options: { check_nan?: boolean }, body: () => T): T;
export function detect_anomaly<T>(first: boolean | { check_nan?: boolean } | (() => T), second?: () => T): T {
  const [given, body] = typeof first === 'function' ? [true, first] : [first, second];
  const checkNan = checkNanOf('detect_anomaly', given);
  warn(
    'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
  );
  return within('detect_anomaly', () => enter(true, checkNan), leave, body as () => T);
}

/** Switches anomaly detection on or off: for good, or while `body` runs. */
export function set_detect_anomaly(mode: boolean, check_nan?: boolean | { check_nan?: boolean }): void;
export function set_detect_anomaly<T>(mode: boolean, body: () => T): T;
export function set_detect_anomaly<T>(mode: boolean, check_nan: boolean | { check_nan?: boolean }, body: () => T): T;
export function set_detect_anomaly<T>(
  mode: boolean,
  second: boolean | { check_nan?: boolean } | (() => T) = true,
  third?: () => T,
): T | undefined {
  const [given, body] = typeof second === 'function' ? [true, second] : [second, third];
  checkFlag('set_detect_anomaly', 'mode', mode);
  const checkNan = checkNanOf('set_detect_anomaly', given);
  if (body !== undefined) return within('set_detect_anomaly', () => enter(mode, checkNan), leave, body);
  native.set_anomaly_enabled(mode, checkNan);
  return undefined;
}
