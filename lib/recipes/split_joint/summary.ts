/** The closing table of a run: one column per mode, and one for the real digits. */
import type { ModeResult } from './finding';
import type { SampleFigures } from '../../metrics';

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const fixed = (digits: number) => (value: number) => value.toFixed(digits);

/** A row reads one number of a mode, and of the real digits where they have it. */
interface Row {
  label: string;
  of: Exclude<keyof ModeResult, 'mode' | 'learned'>;
  show: (value: number) => string;
}

const rows: readonly Row[] = [
  { label: 'discriminator loss', of: 'loss_discriminator', show: fixed(4) },
  { label: 'generator loss', of: 'loss_generator', show: fixed(4) },
  { label: 'D right on real digits', of: 'accuracy_real', show: percent },
  { label: 'D right on fakes', of: 'accuracy_fake', show: percent },
  { label: "D fooled in G's step", of: 'fooled', show: percent },
  { label: 'digit score (1 to 10)', of: 'score', show: fixed(2) },
  { label: 'digits drawn, of 10', of: 'classes_seen', show: fixed(0) },
  { label: 'classifier confidence', of: 'confidence', show: percent },
  { label: 'distance to real digits', of: 'frechet', show: fixed(1) },
  { label: '  before training', of: 'frechet_untrained', show: fixed(1) },
  { label: 'seconds', of: 'seconds', show: fixed(0) },
];

/** The table as text. */
export function summaryTable(results: readonly ModeResult[], real: SampleFigures): string {
  const header = ['', ...results.map((result) => result.mode), 'real digits'];
  const body = rows.map(({ label, of, show }) => {
    const ofReal = (real as Partial<ModeResult>)[of];
    return [label, ...results.map((result) => show(result[of])), ofReal === undefined ? '' : show(ofReal)];
  });
  return [header, ...body]
    .map(([label, ...cells]) => label!.padEnd(26) + cells.map((cell) => cell.padStart(14)).join(''))
    .join('\n');
}
