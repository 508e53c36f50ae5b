/** torchvision in the Python that tests compare with. */

/**
 * Imports torchvision's transforms as T and F, without the compiled half of the package, which is built for CUDA; `picture(h, w)` is a
 * random PIL image, `tensor_of` its bytes.
 */
export const TORCHVISION = `
import importlib.util, sys, types, warnings
if "torchvision" not in sys.modules:
    package = types.ModuleType("torchvision")
    package.__path__ = list(importlib.util.find_spec("torchvision").submodule_search_locations)
    sys.modules["torchvision"] = package
import torchvision.transforms as T
import torchvision.transforms.functional as F
from PIL import Image
warnings.simplefilter("ignore")
def picture(h, w, c=3):
    bytes = torch.randint(0, 256, (h, w, c), dtype=torch.uint8).numpy()
    return Image.fromarray(bytes if c == 3 else bytes[..., 0])
def tensor_of(image):
    return F.pil_to_tensor(image).contiguous() if isinstance(image, Image.Image) else image.contiguous()
`;
