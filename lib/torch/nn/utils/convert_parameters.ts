/** Parameters as one vector, and back. */
import { pythonFunction } from '../../call';
import { cat } from '../../generated/functions';
import { isTensor, type Tensor } from '../../memory';
import { typename } from '../../tensor';

/** Throws unless a parameter is where those before it are; gives that place. */
function checkPlace(param: Tensor, before: number | null): number {
  const place = param.device.type === 'cuda' ? param.get_device() : -1;
  if (before !== null && place !== before) {
    throw new TypeError('Found two parameters on different devices, this is currently not supported.');
  }
  return place;
}

/**
 * All elements of the parameters, one after the other, in one vector.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html
 */
export const parameters_to_vector = pythonFunction(
  'parameters_to_vector',
  ['parameters'],
  (parameters: Iterable<Tensor>): Tensor => {
    let place: number | null = null;
    const vectors: Tensor[] = [];
    for (const param of parameters) {
      place = checkPlace(param, place);
      vectors.push(param.view(-1));
    }
    return cat(vectors);
  },
);

/**
 * Gives the parameters the elements of a vector, as `parameters_to_vector` made it. As in Python, they share its memory.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.vector_to_parameters.html
 */
export const vector_to_parameters = pythonFunction(
  'vector_to_parameters',
  ['vec', 'parameters'],
  (vec: Tensor, parameters: Iterable<Tensor>): void => {
    if (!isTensor(vec)) throw new TypeError(`expected torch.Tensor, but got: ${typename(vec)}`);
    let place: number | null = null;
    let pointer = 0;
    for (const param of parameters) {
      place = checkPlace(param, place);
      const count = param.numel();
      param.data = (vec as Tensor).get(`${pointer}:${pointer + count}`).view_as(param).data;
      pointer += count;
    }
  },
);
