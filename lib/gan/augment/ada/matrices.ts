/** Homogeneous matrices for a batch of transforms: N×3×3 in the plane, N×4×4 among colours. */
import { full_like, stack, tensor, type Tensor, type DeviceLike } from 'isotorch';

/** Rows of numbers and of tensors with one entry for each image; with numbers only one matrix for all. */
export function matrix(rows: readonly (readonly (Tensor | number)[])[], device: DeviceLike): Tensor {
  const elements = rows.flat();
  const example = elements.find((element): element is Tensor => typeof element !== 'number');
  if (example === undefined) return tensor(rows as number[][], { device });
  const all = elements.map((element) => (typeof element === 'number' ? full_like(example, element) : element));
  return stack(all, -1).reshape([...example.shape, rows.length, -1]);
}

/** Moves by (x, y). */
export const translate2d = (x: Tensor | number, y: Tensor | number, device: DeviceLike): Tensor =>
  matrix([[1, 0, x], [0, 1, y], [0, 0, 1]], device); // biome-ignore format: a matrix

/** Scales by x and y. */
export const scale2d = (x: Tensor | number, y: Tensor | number, device: DeviceLike): Tensor =>
  matrix(
    [
      [x, 0, 0],
      [0, y, 0],
      [0, 0, 1],
    ],
    device,
  );

/** Turns by an angle. */
export function rotate2d(angle: Tensor): Tensor {
  const [sin, cos] = [angle.sin(), angle.cos()];
  return matrix(
    [
      [cos, sin.neg(), 0],
      [sin, cos, 0],
      [0, 0, 1],
    ],
    angle.device,
  );
}

/** Moves a colour by the same number in all channels. */
export const translate3d = (by: Tensor): Tensor =>
  matrix(
    [
      [1, 0, 0, by],
      [0, 1, 0, by],
      [0, 0, 1, by],
      [0, 0, 0, 1],
    ],
    by.device,
  );

/** Scales all channels. */
export const scale3d = (by: Tensor): Tensor =>
  matrix(
    [
      [by, 0, 0, 0],
      [0, by, 0, 0],
      [0, 0, by, 0],
      [0, 0, 0, 1],
    ],
    by.device,
  );

/** Turns colours around the grey axis (1, 1, 1)/√3 (Rodrigues' formula). */
export function rotate_around_grey(angle: Tensor): Tensor {
  const [sin, cos] = [angle.sin(), angle.cos()];
  const along = cos.neg().add(1).div(3);
  const across = sin.mul(Math.sqrt(1 / 3));
  const [same, next, last] = [along.add(cos), along.sub(across), along.add(across)];
  return matrix(
    [
      [same, next, last, 0],
      [last, same, next, 0],
      [next, last, same, 0],
      [0, 0, 0, 1],
    ],
    angle.device,
  );
}
