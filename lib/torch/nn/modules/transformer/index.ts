/** `torch.nn.modules.transformer`. */
export { TransformerDecoderLayer } from './decoder_layer';
export { TransformerEncoderLayer } from './encoder_layer';
export { TransformerDecoder, TransformerEncoder } from './stacks';
export { Transformer } from './transformer';
