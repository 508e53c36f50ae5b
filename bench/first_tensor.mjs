import * as torch from 'isotorch';

console.log(torch.ones([2, 2]).sum().item());
