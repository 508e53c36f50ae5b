/** What other rooms need of this one, and users do not see. */
export { sparse_compressed_tensor, sparse_coo_tensor, sparse_csr_tensor } from './creation';
