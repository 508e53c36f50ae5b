/** The short-time Fourier transform (`torch/functional.py`). */
import { TorchError } from '../native';
import * as raw from '../generated/functions';
import { pad } from '../generated/nn_functional';
import { pythonFunction } from '../call';
import type { Tensor } from '../memory';

const parameters = [
  'n_fft',
  'hop_length',
  'win_length',
  'window',
  'center',
  'pad_mode',
  'normalized',
  'onesided',
  'return_complex',
  'align_to_window',
] as const;

function transform(
  input: Tensor,
  n_fft: number,
  hop_length: number | null = null,
  win_length: number | null = null,
  window: Tensor | null = null,
  center: boolean = true,
  pad_mode: string = 'reflect',
  normalized: boolean = false,
  onesided: boolean | null = null,
  return_complex: boolean | null = null,
  align_to_window: boolean | null = null,
): Tensor {
  if (center && align_to_window !== null) {
    throw new TorchError('stft align_to_window should only be set when center = false');
  }
  let signal = input;
  if (center) {
    const dims = input.dim();
    const ones = new Array<number>(Math.max(0, 3 - dims)).fill(1);
    const width = Math.floor(n_fft / 2);
    const padded = pad(input.view([...ones, ...input.shape]), [width, width], pad_mode);
    signal = padded.view(dims === 0 ? padded.shape : padded.shape.slice(-dims));
  }
  return raw.stft(
    signal,
    n_fft,
    hop_length,
    win_length,
    window,
    normalized,
    onesided,
    return_complex,
    align_to_window as boolean | null,
  );
}

/**
 * The Fourier transforms of short overlapping windows of a signal [L] or a batch [B, L]: [B?, frequencies, frames].
 * @see https://docs.pytorch.org/docs/stable/generated/torch.stft.html
 */
export const stft = pythonFunction('stft', ['input', ...parameters], transform);

/** `stft` as a method. */
export const stftMethod = pythonFunction('Tensor.stft', ['self', ...parameters], transform);

/** `istft` as a method, which Python writes in Python; the function is generated. */
export const istftMethod = pythonFunction(
  'Tensor.istft',
  [
    'self',
    'n_fft',
    'hop_length',
    'win_length',
    'window',
    'center',
    'normalized',
    'onesided',
    'length',
    'return_complex',
  ],
  (
    self: Tensor,
    n_fft: number,
    hop_length: number | null = null,
    win_length: number | null = null,
    window: Tensor | null = null,
    center: boolean = true,
    normalized: boolean = false,
    onesided: boolean | null = null,
    length: number | null = null,
    return_complex: boolean = false,
  ): Tensor =>
    raw.istft(self, n_fft, hop_length, win_length, window, center, normalized, onesided, length, return_complex),
);
