/**
 * The class of tensors. It is the bottom of the house: everything makes, takes and names tensors. Its methods are defined
 * further up, in one family for each subject, and `install.ts` puts them onto the prototype. The types of the families,
 * below, are the one look upward of the house.
 */
import type { TensorAutograd } from '../autograd/methods';
import type { TensorFunctions } from '../functional/methods';
import type { TensorMethods } from '../generated/tensor_methods';
import type { TensorLegacyMethods } from '../legacy/methods';
import type { TensorAttributes } from '../tensor/attributes';
import type { TensorConversions } from '../tensor/conversion';
import type { TensorIndexing } from '../tensor/index/methods';
import type { TensorInJavaScript } from '../tensor/javascript';
import type { TensorOperators } from '../tensor/operators';
import type { TensorText } from '../tensor/print/methods';
import type { TensorProperties } from '../tensor/properties';
import type { TensorStorages } from '../tensor/storage/methods';
import type { TensorValues } from '../tensor/values';
import { TensorBase } from './handle';

/** An n-dimensional array of one dtype, on one device. */
export class Tensor extends TensorBase {}

export interface Tensor
  extends TensorMethods,
    TensorAttributes,
    TensorProperties,
    TensorStorages,
    TensorOperators,
    TensorConversions,
    TensorIndexing,
    TensorValues,
    TensorText,
    TensorInJavaScript,
    TensorFunctions,
    TensorLegacyMethods,
    TensorAutograd {}
