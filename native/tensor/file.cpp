// Files read straight into the memory of storages, and checksums of that memory, by all of libtorch's threads.
#include <ATen/Parallel.h>
#include <c10/core/Storage.h>

#ifndef _WIN32
#include <dlfcn.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "bridge/call.h"
#include "exports.h"
#include "tensor/storage.h"

namespace isotorch {
namespace {

// Bytes read or summed at a time: what the processor's cache holds from the one to the other.
constexpr int64_t kPiece = int64_t{1} << 20;

// What JavaScript hears where something is missing here, so that it does the work itself.
constexpr double kNotHere = -1;

#ifdef _WIN32

double read_storage(Call&) { return kNotHere; }
double storage_crc32(Call&) { return kNotHere; }

#else

// Node's own zlib, which it exports.
struct Zlib {
  unsigned long (*sum)(unsigned long, const unsigned char*, size_t);
  unsigned long (*combine)(unsigned long, unsigned long, long);

  static const Zlib& get() {
    static const Zlib zlib = {
        reinterpret_cast<decltype(Zlib::sum)>(dlsym(RTLD_DEFAULT, "crc32_z")),
        reinterpret_cast<decltype(Zlib::combine)>(dlsym(RTLD_DEFAULT, "crc32_combine")),
    };
    return zlib;
  }
  bool missing() const { return sum == nullptr || combine == nullptr; }
};

void read_piece(int file, uint8_t* target, int64_t size, int64_t position) {
  while (size > 0) {
    const ssize_t count = pread(file, target, static_cast<size_t>(size), position);
    if (count < 0 && errno == EINTR) continue;
    TORCH_CHECK_VALUE(count >= 0, "it cannot be read at byte ", position, ": ", std::strerror(errno));
    TORCH_CHECK_VALUE(count > 0, "it became shorter while it was read");
    target += count;
    size -= count;
    position += count;
  }
}

// The CRC-32 of `size` bytes, each piece of which `prepare` makes ready.
template <typename Prepare>
double checksum(const Zlib& zlib, const uint8_t* data, int64_t size, Prepare&& prepare) {
  const int64_t pieces = (size + kPiece - 1) / kPiece;
  const auto length = [&](int64_t piece) { return std::min(kPiece, size - piece * kPiece); };
  std::vector<unsigned long> sums(static_cast<size_t>(pieces));
  at::parallel_for(0, pieces, 4, [&](int64_t begin, int64_t end) {
    for (int64_t piece = begin; piece < end; ++piece) {
      prepare(piece * kPiece, length(piece));
      sums[piece] = zlib.sum(0, data + piece * kPiece, static_cast<size_t>(length(piece)));
    }
  });
  unsigned long whole = 0;
  for (int64_t piece = 0; piece < pieces; ++piece) {
    whole = zlib.combine(whole, sums[piece], static_cast<long>(length(piece)));
  }
  return static_cast<double>(whole);
}

// The storage's memory, of which there have to be `size` bytes.
uint8_t* memory_of(Call& call, int64_t size) {
  const c10::Storage storage = call.tensor(0, "self").storage();
  TORCH_CHECK(storage.device_type() == c10::kCPU && !lacks_memory(storage), "there is no memory of the CPU");
  TORCH_CHECK_INDEX(size >= 0 && size <= static_cast<int64_t>(storage.nbytes()), size,
                    " bytes of a storage of ", storage.nbytes());
  return static_cast<uint8_t*>(storage.mutable_data());
}

// (tensor, size, file, position): fills the storage from an open file; gives the CRC-32 of its bytes.
double read_storage(Call& call) {
  const Zlib& zlib = Zlib::get();
  if (zlib.missing()) return kNotHere;
  const int64_t size = call.integer(1, "size");
  const auto file = static_cast<int>(call.integer(2, "file"));
  const int64_t position = call.integer(3, "position");
  uint8_t* data = memory_of(call, size);
  return checksum(zlib, data, size, [&](int64_t start, int64_t length) {
    read_piece(file, data + start, length, position + start);
  });
}

// (tensor, size): the CRC-32 of the storage's bytes.
double storage_crc32(Call& call) {
  const Zlib& zlib = Zlib::get();
  if (zlib.missing()) return kNotHere;
  const int64_t size = call.integer(1, "size");
  return checksum(zlib, memory_of(call, size), size, [](int64_t, int64_t) {});
}

#endif

}  // namespace

void define_file(Napi::Object exports) {
  define(exports, {ISOTORCH_FUNCTION(read_storage), ISOTORCH_FUNCTION(storage_crc32)});
}

}  // namespace isotorch
