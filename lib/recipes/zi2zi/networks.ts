/** The networks of each of zi2zi's implementations. */
import {
  normal_init,
  Zi2ziDiscriminator,
  Zi2ziGenerator,
  Zi2ziPixelShuffleGenerator,
  zi2zi_tensorflow_init,
  Zi2ziTensorFlowDiscriminator,
  Zi2ziTensorFlowGenerator,
} from '../../gan/networks';
import type { Place } from '../../train';
import type { Port } from './ports';

/** Any of the generators. */
export type AnyGenerator = Zi2ziGenerator | Zi2ziPixelShuffleGenerator | Zi2ziTensorFlowGenerator;
/** Either discriminator. */
export type AnyDiscriminator = Zi2ziDiscriminator | Zi2ziTensorFlowDiscriminator;

/** Sizes of the networks. */
interface Shape {
  channels: number;
  image_size: number;
  ngf: number;
  ndf: number;
  embedding_num: number;
  embedding_dim: number;
  /** Normalisation of max32002's networks. */
  norm_type: 'batch' | 'instance';
  d_spectral_norm: boolean;
}

/** Networks. */
interface Networks {
  generator: AnyGenerator;
  discriminator: AnyDiscriminator;
}

const generators = {
  unet: Zi2ziGenerator,
  tensorflow: Zi2ziTensorFlowGenerator,
} as const;

/** A port's networks on the device, their weights drawn as it draws them: the generator's before the discriminator's. */
export function networksFor({ generator: kind, kernel_size }: Port, shape: Shape, place: Place): Networks {
  const { channels, image_size, ngf, ndf, embedding_num, embedding_dim } = shape;
  const inG = { input_nc: channels, image_size, ngf, embedding_num, embedding_dim };
  const norm = kind === 'pixel_shuffle' ? shape.norm_type : 'batch';
  const generator =
    kind === 'pixel_shuffle' ? new Zi2ziPixelShuffleGenerator({ ...inG, norm }) : new generators[kind](inG);
  const pairs = { input_nc: 2 * channels, embedding_num, ndf, image_size };
  const [discriminator, init] =
    kind === 'tensorflow'
      ? [new Zi2ziTensorFlowDiscriminator(pairs), zi2zi_tensorflow_init]
      : [new Zi2ziDiscriminator({ ...pairs, kernel_size, norm, spectral_norm: shape.d_spectral_norm }), normal_init];
  init<AnyGenerator>(place.network<AnyGenerator>(generator, ['encode']));
  init<AnyDiscriminator>(place.network<AnyDiscriminator>(discriminator));
  return { generator, discriminator };
}
