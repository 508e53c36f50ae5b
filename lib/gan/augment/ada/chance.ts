/** Which images a change happens to. */
import { full_like, rand, type Tensor, where } from 'isotorch';

/** The drawn values with probability `p` for each image, else the one that changes nothing; `size` has one number an image. */
export function with_chance(drawn: Tensor, nothing: number, p: number, size: readonly number[]): Tensor {
  return where(rand([...size], { device: drawn.device }).lt(p), drawn, full_like(drawn, nothing));
}
