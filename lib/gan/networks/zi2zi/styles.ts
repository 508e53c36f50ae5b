/** Styles of generators. */
import { type Tensor, ValueError } from 'isotorch';
import type { Embedding } from 'isotorch/nn';

/** Labels N (int64), looked up in the embedding, or N×embedding_dim numbers as they are. @throws ValueError naming the network */
export function stylesOf(network: string, style: Tensor, embedder: Embedding): Tensor {
  if (!style.is_floating_point()) return embedder(style);
  if (style.dim() === 2) return style;
  throw new ValueError(
    `${network}: styles are labels of dtype int64, or N×embedding_dim numbers, but these are ${style.dtype} of shape [${style.shape.join(', ')}]`,
  );
}
