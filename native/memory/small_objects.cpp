// glibc serves aligned blocks, which oneDNN asks for, past its thread caches, and those keep seven blocks of a size, where a backward
// pass frees hundreds at once: a fifth of a small training step. libtorch takes no other malloc, so its table of calls is changed:
// what libtorch_cpu and libc10 call as malloc, free and C++'s operators leads here. Every block stays malloc's own, so that it does
// not matter who made it and who frees it.
#include "memory/small_objects.h"

#include <cstdlib>  // says whether the C library is glibc

#if defined(__GLIBC__) && defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>

#include <array>
#include <cstdint>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>

namespace isotorch {
namespace {

constexpr size_t kAlignment = 64;  // that of oneDNN's objects
constexpr size_t kLargest = 4088;
constexpr size_t kClasses = 256;
constexpr size_t kKeepOfClass = size_t{128} << 10;  // bytes
constexpr size_t kKeepOfThread = size_t{16} << 20;

struct FreeBlock {
  FreeBlock* next;
};

struct List {
  FreeBlock* head = nullptr;
  size_t length = 0;
};

struct Lists {
  std::array<List, kClasses> plain{};
  std::array<List, kClasses> aligned{};
  size_t bytes = 0;
  ~Lists();
};

// Objects may die after their thread's lists, in destructors of other thread-locals: then plain malloc and free.
thread_local Lists* current = nullptr;
thread_local bool ended = false;

Lists::~Lists() {
  current = nullptr;
  ended = true;
  for (auto* kind : {&plain, &aligned}) {
    for (List& list : *kind) {
      while (list.head != nullptr) std::free(std::exchange(list.head, list.head->next));
    }
  }
}

Lists* make_lists() {
  if (ended) return nullptr;
  thread_local Lists lists;
  return current = &lists;
}

Lists* mine() { return current != nullptr ? current : make_lists(); }

// malloc's blocks hold 24, 40, 56, ... bytes.
size_t bytes_of(size_t index) { return index * 16 + 8; }
size_t class_that_holds(size_t bytes) { return bytes <= 24 ? 1 : (bytes + 7) / 16; }

// A free block of at least so many bytes, or null.
void* take(std::array<List, kClasses> Lists::* kind, size_t bytes) {
  Lists* const lists = bytes <= kLargest ? mine() : nullptr;
  if (lists == nullptr) return nullptr;
  const size_t index = class_that_holds(bytes);
  List& list = (lists->*kind)[index];
  FreeBlock* const block = list.head;
  if (block != nullptr) {
    list.head = block->next;
    list.length--;
    lists->bytes -= bytes_of(index);
  }
  return block;
}

// Whether a block is kept.
bool keep(void* data) {
  // Below 24 bytes where a debugger stands in for malloc and says what was asked for.
  const size_t usable = malloc_usable_size(data);
  Lists* const lists = usable >= bytes_of(1) && usable <= kLargest ? mine() : nullptr;
  if (lists == nullptr) return false;
  const size_t index = (usable - 8) / 16;
  const size_t bytes = bytes_of(index);
  const bool is_aligned = reinterpret_cast<uintptr_t>(data) % kAlignment == 0;
  List& list = (is_aligned ? lists->aligned : lists->plain)[index];
  if (list.length * bytes >= kKeepOfClass || lists->bytes + bytes > kKeepOfThread) return false;
  auto* const block = static_cast<FreeBlock*>(data);
  block->next = list.head;
  list.head = block;
  list.length++;
  lists->bytes += bytes;
  return true;
}

void* listed_malloc(size_t bytes) {
  void* const block = take(&Lists::plain, bytes);
  return block != nullptr ? block : std::malloc(bytes);
}

void* listed_new(size_t bytes) {
  void* const block = take(&Lists::plain, bytes);
  return block != nullptr ? block : ::operator new(bytes);
}

int listed_memalign(void** out, size_t alignment, size_t bytes) {
  void* const block = alignment == kAlignment ? take(&Lists::aligned, bytes) : nullptr;
  if (block == nullptr) return posix_memalign(out, alignment, bytes);
  *out = block;
  return 0;
}

void listed_free(void* data) {
  if (data != nullptr && !keep(data)) std::free(data);
}

void listed_delete(void* data, size_t) { listed_free(data); }

struct Call {
  std::string_view name;
  void* ours;
  size_t symbol = 0;  // its number in one library
};

using Calls = std::array<Call, 6>;

// What a library's dynamic section says.
struct Dynamic {
  const ElfW(Sym) * symbols = nullptr;
  const char* names = nullptr;
  const ElfW(Rela) * slots = nullptr;
  size_t slots_size = 0;
  const uint32_t* hashes = nullptr;

  explicit Dynamic(const ElfW(Dyn) * entry) {
    for (; entry->d_tag != DT_NULL; entry++) {
      const ElfW(Addr) at = entry->d_un.d_ptr;
      if (entry->d_tag == DT_SYMTAB) symbols = reinterpret_cast<const ElfW(Sym)*>(at);
      if (entry->d_tag == DT_STRTAB) names = reinterpret_cast<const char*>(at);
      if (entry->d_tag == DT_JMPREL) slots = reinterpret_cast<const ElfW(Rela)*>(at);
      if (entry->d_tag == DT_PLTRELSZ) slots_size = entry->d_un.d_val;
      if (entry->d_tag == DT_GNU_HASH) hashes = reinterpret_cast<const uint32_t*>(at);
    }
  }

  bool whole() const {
    return symbols != nullptr && names != nullptr && slots != nullptr && hashes != nullptr;
  }
};

const ElfW(Phdr) * segment(const dl_phdr_info& library, uint32_t type) {
  for (size_t i = 0; i < library.dlpi_phnum; i++) {
    if (library.dlpi_phdr[i].p_type == type) return &library.dlpi_phdr[i];
  }
  return nullptr;
}

void redirect(const dl_phdr_info& library, Calls calls) {
  const auto* section = segment(library, PT_DYNAMIC);
  if (section == nullptr) return;
  const Dynamic dynamic(reinterpret_cast<const ElfW(Dyn)*>(library.dlpi_addr + section->p_vaddr));
  if (!dynamic.whole()) return;
  // What a library only uses comes before what it defines, whose first number is the table of hashes' second word.
  const size_t used = dynamic.hashes[1];
  for (size_t symbol = 1; symbol < used; symbol++) {
    for (Call& call : calls) {
      if (call.name == dynamic.names + dynamic.symbols[symbol].st_name) call.symbol = symbol;
    }
  }
  // Where the loader has sealed the table, it stays as it is.
  const auto* sealed = segment(library, PT_GNU_RELRO);
  const size_t from = sealed == nullptr ? 0 : sealed->p_vaddr;
  const size_t to = sealed == nullptr ? 0 : sealed->p_vaddr + sealed->p_memsz;
  for (size_t i = 0; i < dynamic.slots_size / sizeof(ElfW(Rela)); i++) {
    const ElfW(Rela) & slot = dynamic.slots[i];
    if (ELF64_R_TYPE(slot.r_info) != R_X86_64_JUMP_SLOT) continue;
    if (slot.r_offset >= from && slot.r_offset < to) continue;
    for (const Call& call : calls) {
      if (call.symbol == 0 || call.symbol != ELF64_R_SYM(slot.r_info)) continue;
      __atomic_store_n(reinterpret_cast<void**>(library.dlpi_addr + slot.r_offset), call.ours,
                       __ATOMIC_RELEASE);
    }
  }
}

int visit(dl_phdr_info* library, size_t, void* calls) {
  const std::string_view path = library->dlpi_name;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "libtorch_cpu.so" || name == "libc10.so") redirect(*library, *static_cast<Calls*>(calls));
  return 0;
}

// Whoever put another malloc under the process keeps that. (Of malloc and free themselves an executable may have addresses of its own.)
bool comes_from(const char* library, const char* function) {
  void* const home = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
  return home != nullptr && dlsym(home, function) == dlsym(RTLD_DEFAULT, function);
}

template <typename Function>
void* address(Function* function) {
  return reinterpret_cast<void*>(function);
}

}  // namespace

void install_small_object_lists() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (!comes_from("libc.so.6", "posix_memalign") || !comes_from("libstdc++.so.6", "_Znwm")) return;
    Calls calls{{
        {"malloc", address(listed_malloc)},
        {"free", address(listed_free)},
        {"posix_memalign", address(listed_memalign)},
        {"_Znwm", address(listed_new)},
        {"_ZdlPv", address(listed_free)},
        {"_ZdlPvm", address(listed_delete)},
    }};
    dl_iterate_phdr(visit, &calls);
  });
}

}  // namespace isotorch

#else

namespace isotorch {

void install_small_object_lists() {}

}  // namespace isotorch

#endif
