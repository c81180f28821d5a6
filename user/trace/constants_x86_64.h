/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by scripts/gen-constants from the headers of Linux 7.3.4, x86_64: do not edit. */
/* clang-format off */
static const struct constant errno_list[] = {
	{0x1, "EPERM"},
	{0x2, "ENOENT"},
	{0x3, "ESRCH"},
	{0x4, "EINTR"},
	{0x5, "EIO"},
	{0x6, "ENXIO"},
	{0x7, "E2BIG"},
	{0x8, "ENOEXEC"},
	{0x9, "EBADF"},
	{0xa, "ECHILD"},
	{0xb, "EAGAIN"},
	{0xc, "ENOMEM"},
	{0xd, "EACCES"},
	{0xe, "EFAULT"},
	{0xf, "ENOTBLK"},
	{0x10, "EBUSY"},
	{0x11, "EEXIST"},
	{0x12, "EXDEV"},
	{0x13, "ENODEV"},
	{0x14, "ENOTDIR"},
	{0x15, "EISDIR"},
	{0x16, "EINVAL"},
	{0x17, "ENFILE"},
	{0x18, "EMFILE"},
	{0x19, "ENOTTY"},
	{0x1a, "ETXTBSY"},
	{0x1b, "EFBIG"},
	{0x1c, "ENOSPC"},
	{0x1d, "ESPIPE"},
	{0x1e, "EROFS"},
	{0x1f, "EMLINK"},
	{0x20, "EPIPE"},
	{0x21, "EDOM"},
	{0x22, "ERANGE"},
	{0x23, "EDEADLK"},
	{0x24, "ENAMETOOLONG"},
	{0x25, "ENOLCK"},
	{0x26, "ENOSYS"},
	{0x27, "ENOTEMPTY"},
	{0x28, "ELOOP"},
	{0x2a, "ENOMSG"},
	{0x2b, "EIDRM"},
	{0x2c, "ECHRNG"},
	{0x2d, "EL2NSYNC"},
	{0x2e, "EL3HLT"},
	{0x2f, "EL3RST"},
	{0x30, "ELNRNG"},
	{0x31, "EUNATCH"},
	{0x32, "ENOCSI"},
	{0x33, "EL2HLT"},
	{0x34, "EBADE"},
	{0x35, "EBADR"},
	{0x36, "EXFULL"},
	{0x37, "ENOANO"},
	{0x38, "EBADRQC"},
	{0x39, "EBADSLT"},
	{0x3b, "EBFONT"},
	{0x3c, "ENOSTR"},
	{0x3d, "ENODATA"},
	{0x3e, "ETIME"},
	{0x3f, "ENOSR"},
	{0x40, "ENONET"},
	{0x41, "ENOPKG"},
	{0x42, "EREMOTE"},
	{0x43, "ENOLINK"},
	{0x44, "EADV"},
	{0x45, "ESRMNT"},
	{0x46, "ECOMM"},
	{0x47, "EPROTO"},
	{0x48, "EMULTIHOP"},
	{0x49, "EDOTDOT"},
	{0x4a, "EBADMSG"},
	{0x4b, "EOVERFLOW"},
	{0x4c, "ENOTUNIQ"},
	{0x4d, "EBADFD"},
	{0x4e, "EREMCHG"},
	{0x4f, "ELIBACC"},
	{0x50, "ELIBBAD"},
	{0x51, "ELIBSCN"},
	{0x52, "ELIBMAX"},
	{0x53, "ELIBEXEC"},
	{0x54, "EILSEQ"},
	{0x55, "ERESTART"},
	{0x56, "ESTRPIPE"},
	{0x57, "EUSERS"},
	{0x58, "ENOTSOCK"},
	{0x59, "EDESTADDRREQ"},
	{0x5a, "EMSGSIZE"},
	{0x5b, "EPROTOTYPE"},
	{0x5c, "ENOPROTOOPT"},
	{0x5d, "EPROTONOSUPPORT"},
	{0x5e, "ESOCKTNOSUPPORT"},
	{0x5f, "EOPNOTSUPP"},
	{0x60, "EPFNOSUPPORT"},
	{0x61, "EAFNOSUPPORT"},
	{0x62, "EADDRINUSE"},
	{0x63, "EADDRNOTAVAIL"},
	{0x64, "ENETDOWN"},
	{0x65, "ENETUNREACH"},
	{0x66, "ENETRESET"},
	{0x67, "ECONNABORTED"},
	{0x68, "ECONNRESET"},
	{0x69, "ENOBUFS"},
	{0x6a, "EISCONN"},
	{0x6b, "ENOTCONN"},
	{0x6c, "ESHUTDOWN"},
	{0x6d, "ETOOMANYREFS"},
	{0x6e, "ETIMEDOUT"},
	{0x6f, "ECONNREFUSED"},
	{0x70, "EHOSTDOWN"},
	{0x71, "EHOSTUNREACH"},
	{0x72, "EALREADY"},
	{0x73, "EINPROGRESS"},
	{0x74, "ESTALE"},
	{0x75, "EUCLEAN"},
	{0x76, "ENOTNAM"},
	{0x77, "ENAVAIL"},
	{0x78, "EISNAM"},
	{0x79, "EREMOTEIO"},
	{0x7a, "EDQUOT"},
	{0x7b, "ENOMEDIUM"},
	{0x7c, "EMEDIUMTYPE"},
	{0x7d, "ECANCELED"},
	{0x7e, "ENOKEY"},
	{0x7f, "EKEYEXPIRED"},
	{0x80, "EKEYREVOKED"},
	{0x81, "EKEYREJECTED"},
	{0x82, "EOWNERDEAD"},
	{0x83, "ENOTRECOVERABLE"},
	{0x84, "ERFKILL"},
	{0x85, "EHWPOISON"},
	{0x86, "EFTYPE"},
};
const struct constants c_errno = {
	"???", errno_list, 132, 0x0, 0,
};
static const struct constant signal_list[] = {
	{0x1, "SIGHUP"},
	{0x2, "SIGINT"},
	{0x3, "SIGQUIT"},
	{0x4, "SIGILL"},
	{0x5, "SIGTRAP"},
	{0x6, "SIGABRT"},
	{0x7, "SIGBUS"},
	{0x8, "SIGFPE"},
	{0x9, "SIGKILL"},
	{0xa, "SIGUSR1"},
	{0xb, "SIGSEGV"},
	{0xc, "SIGUSR2"},
	{0xd, "SIGPIPE"},
	{0xe, "SIGALRM"},
	{0xf, "SIGTERM"},
	{0x10, "SIGSTKFLT"},
	{0x11, "SIGCHLD"},
	{0x12, "SIGCONT"},
	{0x13, "SIGSTOP"},
	{0x14, "SIGTSTP"},
	{0x15, "SIGTTIN"},
	{0x16, "SIGTTOU"},
	{0x17, "SIGURG"},
	{0x18, "SIGXCPU"},
	{0x19, "SIGXFSZ"},
	{0x1a, "SIGVTALRM"},
	{0x1b, "SIGPROF"},
	{0x1c, "SIGWINCH"},
	{0x1d, "SIGIO"},
	{0x1e, "SIGPWR"},
	{0x1f, "SIGSYS"},
};
const struct constants c_signal = {
	"SIG???", signal_list, 31, 0x0, 0,
};
static const struct constant at_fd_list[] = {
	{0xffffff9c, "AT_FDCWD"},
};
const struct constants c_at_fd = {
	"AT_???", at_fd_list, 1, 0x0, 0,
};
static const struct constant open_flags_list[] = {
	{0x0, "O_RDONLY"},
	{0x1, "O_WRONLY"},
	{0x2, "O_RDWR"},
	{0x3, "O_ACCMODE"},
	{0x40, "O_CREAT"},
	{0x80, "O_EXCL"},
	{0x100, "O_NOCTTY"},
	{0x200, "O_TRUNC"},
	{0x400, "O_APPEND"},
	{0x800, "O_NONBLOCK"},
	{0x101000, "O_SYNC"},
	{0x1000, "O_DSYNC"},
	{0x8000, "O_LARGEFILE"},
	{0x410000, "O_TMPFILE"},
	{0x10000, "O_DIRECTORY"},
	{0x20000, "O_NOFOLLOW"},
	{0x40000, "O_NOATIME"},
	{0x80000, "O_CLOEXEC"},
	{0x200000, "O_PATH"},
	{0x4000, "O_DIRECT"},
	{0x4000000, "O_EMPTYPATH"},
};
const struct constants c_open_flags = {
	"O_???", open_flags_list, 21, 0x3, 4,
};
static const struct constant fd_flags_list[] = {
	{0x1, "FD_CLOEXEC"},
};
const struct constants c_fd_flags = {
	"FD_???", fd_flags_list, 1, 0x0, 0,
};
static const struct constant access_mode_list[] = {
	{0x0, "F_OK"},
	{0x4, "R_OK"},
	{0x2, "W_OK"},
	{0x1, "X_OK"},
};
const struct constants c_access_mode = {
	"?_OK", access_mode_list, 4, 0x0, 0,
};
static const struct constant at_access_list[] = {
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x200, "AT_EACCESS"},
	{0x1000, "AT_EMPTY_PATH"},
};
const struct constants c_at_access = {
	"AT_???", at_access_list, 3, 0x0, 0,
};
static const struct constant at_stat_list[] = {
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x800, "AT_NO_AUTOMOUNT"},
	{0x1000, "AT_EMPTY_PATH"},
	{0x2000, "AT_STATX_FORCE_SYNC"},
	{0x4000, "AT_STATX_DONT_SYNC"},
};
const struct constants c_at_stat = {
	"AT_???", at_stat_list, 5, 0x0, 0,
};
static const struct constant at_unlink_list[] = {
	{0x200, "AT_REMOVEDIR"},
};
const struct constants c_at_unlink = {
	"AT_???", at_unlink_list, 1, 0x0, 0,
};
static const struct constant at_link_list[] = {
	{0x400, "AT_SYMLINK_FOLLOW"},
	{0x1000, "AT_EMPTY_PATH"},
};
const struct constants c_at_link = {
	"AT_???", at_link_list, 2, 0x0, 0,
};
static const struct constant at_nofollow_list[] = {
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x1000, "AT_EMPTY_PATH"},
};
const struct constants c_at_nofollow = {
	"AT_???", at_nofollow_list, 2, 0x0, 0,
};
static const struct constant seek_list[] = {
	{0x0, "SEEK_SET"},
	{0x1, "SEEK_CUR"},
	{0x2, "SEEK_END"},
	{0x3, "SEEK_DATA"},
	{0x4, "SEEK_HOLE"},
};
const struct constants c_seek = {
	"SEEK_???", seek_list, 5, 0x0, 0,
};
static const struct constant fcntl_cmd_list[] = {
	{0x0, "F_DUPFD"},
	{0x1, "F_GETFD"},
	{0x2, "F_SETFD"},
	{0x3, "F_GETFL"},
	{0x4, "F_SETFL"},
	{0x5, "F_GETLK"},
	{0x6, "F_SETLK"},
	{0x7, "F_SETLKW"},
	{0x8, "F_SETOWN"},
	{0x9, "F_GETOWN"},
	{0xa, "F_SETSIG"},
	{0xb, "F_GETSIG"},
	{0xf, "F_SETOWN_EX"},
	{0x10, "F_GETOWN_EX"},
	{0x11, "F_GETOWNER_UIDS"},
	{0x24, "F_OFD_GETLK"},
	{0x25, "F_OFD_SETLK"},
	{0x26, "F_OFD_SETLKW"},
	{0x400, "F_SETLEASE"},
	{0x401, "F_GETLEASE"},
	{0x402, "F_NOTIFY"},
	{0x403, "F_DUPFD_QUERY"},
	{0x404, "F_CREATED_QUERY"},
	{0x405, "F_CANCELLK"},
	{0x406, "F_DUPFD_CLOEXEC"},
	{0x407, "F_SETPIPE_SZ"},
	{0x408, "F_GETPIPE_SZ"},
	{0x409, "F_ADD_SEALS"},
	{0x40a, "F_GET_SEALS"},
	{0x40b, "F_GET_RW_HINT"},
	{0x40c, "F_SET_RW_HINT"},
	{0x40d, "F_GET_FILE_RW_HINT"},
	{0x40e, "F_SET_FILE_RW_HINT"},
	{0x40f, "F_GETDELEG"},
	{0x410, "F_SETDELEG"},
};
const struct constants c_fcntl_cmd = {
	"F_???", fcntl_cmd_list, 35, 0x0, 0,
};
static const struct constant fcntl_lock_list[] = {
	{0x0, "F_RDLCK"},
	{0x1, "F_WRLCK"},
	{0x2, "F_UNLCK"},
	{0x4, "F_EXLCK"},
	{0x8, "F_SHLCK"},
};
const struct constants c_fcntl_lock = {
	"F_???", fcntl_lock_list, 5, 0x0, 0,
};
static const struct constant flock_op_list[] = {
	{0x1, "LOCK_SH"},
	{0x2, "LOCK_EX"},
	{0x4, "LOCK_NB"},
	{0x8, "LOCK_UN"},
	{0x20, "LOCK_MAND"},
};
const struct constants c_flock_op = {
	"LOCK_???", flock_op_list, 5, 0x0, 0,
};
static const struct constant seals_list[] = {
	{0x1, "F_SEAL_SEAL"},
	{0x2, "F_SEAL_SHRINK"},
	{0x4, "F_SEAL_GROW"},
	{0x8, "F_SEAL_WRITE"},
	{0x10, "F_SEAL_FUTURE_WRITE"},
	{0x20, "F_SEAL_EXEC"},
};
const struct constants c_seals = {
	"F_???", seals_list, 6, 0x0, 0,
};
static const struct constant notify_flags_list[] = {
	{0x1, "DN_ACCESS"},
	{0x2, "DN_MODIFY"},
	{0x4, "DN_CREATE"},
	{0x8, "DN_DELETE"},
	{0x10, "DN_RENAME"},
	{0x20, "DN_ATTRIB"},
	{0x80000000, "DN_MULTISHOT"},
};
const struct constants c_notify_flags = {
	"DN_???", notify_flags_list, 7, 0x0, 0,
};
static const struct constant rename_flags_list[] = {
	{0x1, "RENAME_NOREPLACE"},
	{0x2, "RENAME_EXCHANGE"},
	{0x4, "RENAME_WHITEOUT"},
};
const struct constants c_rename_flags = {
	"RENAME_???", rename_flags_list, 3, 0x0, 0,
};
static const struct constant fallocate_mode_list[] = {
	{0x0, "FALLOC_FL_ALLOCATE_RANGE"},
	{0x1, "FALLOC_FL_KEEP_SIZE"},
	{0x2, "FALLOC_FL_PUNCH_HOLE"},
	{0x8, "FALLOC_FL_COLLAPSE_RANGE"},
	{0x10, "FALLOC_FL_ZERO_RANGE"},
	{0x20, "FALLOC_FL_INSERT_RANGE"},
	{0x40, "FALLOC_FL_UNSHARE_RANGE"},
	{0x80, "FALLOC_FL_WRITE_ZEROES"},
};
const struct constants c_fallocate_mode = {
	"FALLOC_???", fallocate_mode_list, 8, 0x0, 0,
};
static const struct constant fadvise_list[] = {
	{0x0, "POSIX_FADV_NORMAL"},
	{0x1, "POSIX_FADV_RANDOM"},
	{0x2, "POSIX_FADV_SEQUENTIAL"},
	{0x3, "POSIX_FADV_WILLNEED"},
	{0x4, "POSIX_FADV_DONTNEED"},
	{0x5, "POSIX_FADV_NOREUSE"},
};
const struct constants c_fadvise = {
	"POSIX_???", fadvise_list, 6, 0x0, 0,
};
static const struct constant stat_type_list[] = {
	{0x1000, "S_IFIFO"},
	{0x2000, "S_IFCHR"},
	{0x4000, "S_IFDIR"},
	{0x6000, "S_IFBLK"},
	{0x8000, "S_IFREG"},
	{0xa000, "S_IFLNK"},
	{0xc000, "S_IFSOCK"},
};
const struct constants c_stat_type = {
	"S_???", stat_type_list, 7, 0x0, 0,
};
static const struct constant statx_mask_list[] = {
	{0x7ff, "STATX_BASIC_STATS"},
	{0x1, "STATX_TYPE"},
	{0x2, "STATX_MODE"},
	{0x4, "STATX_NLINK"},
	{0x8, "STATX_UID"},
	{0x10, "STATX_GID"},
	{0x20, "STATX_ATIME"},
	{0x40, "STATX_MTIME"},
	{0x80, "STATX_CTIME"},
	{0x100, "STATX_INO"},
	{0x200, "STATX_SIZE"},
	{0x400, "STATX_BLOCKS"},
	{0x800, "STATX_BTIME"},
	{0x1000, "STATX_MNT_ID"},
	{0x2000, "STATX_DIOALIGN"},
	{0x4000, "STATX_MNT_ID_UNIQUE"},
	{0x8000, "STATX_SUBVOL"},
	{0x10000, "STATX_WRITE_ATOMIC"},
	{0x20000, "STATX_DIO_READ_ALIGN"},
};
const struct constants c_statx_mask = {
	"STATX_???", statx_mask_list, 19, 0x0, 0,
};
static const struct constant statx_attr_list[] = {
	{0x4, "STATX_ATTR_COMPRESSED"},
	{0x10, "STATX_ATTR_IMMUTABLE"},
	{0x20, "STATX_ATTR_APPEND"},
	{0x40, "STATX_ATTR_NODUMP"},
	{0x800, "STATX_ATTR_ENCRYPTED"},
	{0x1000, "STATX_ATTR_AUTOMOUNT"},
	{0x2000, "STATX_ATTR_MOUNT_ROOT"},
	{0x100000, "STATX_ATTR_VERITY"},
	{0x200000, "STATX_ATTR_DAX"},
	{0x400000, "STATX_ATTR_WRITE_ATOMIC"},
};
const struct constants c_statx_attr = {
	"STATX_???", statx_attr_list, 10, 0x0, 0,
};
static const struct constant resolve_list[] = {
	{0x1, "RESOLVE_NO_XDEV"},
	{0x2, "RESOLVE_NO_MAGICLINKS"},
	{0x4, "RESOLVE_NO_SYMLINKS"},
	{0x8, "RESOLVE_BENEATH"},
	{0x10, "RESOLVE_IN_ROOT"},
	{0x20, "RESOLVE_CACHED"},
};
const struct constants c_resolve = {
	"RESOLVE_???", resolve_list, 6, 0x0, 0,
};
static const struct constant mount_flags_list[] = {
	{0x1, "MS_RDONLY"},
	{0x2, "MS_NOSUID"},
	{0x4, "MS_NODEV"},
	{0x8, "MS_NOEXEC"},
	{0x10, "MS_SYNCHRONOUS"},
	{0x20, "MS_REMOUNT"},
	{0x40, "MS_MANDLOCK"},
	{0x80, "MS_DIRSYNC"},
	{0x100, "MS_NOSYMFOLLOW"},
	{0x400, "MS_NOATIME"},
	{0x800, "MS_NODIRATIME"},
	{0x1000, "MS_BIND"},
	{0x2000, "MS_MOVE"},
	{0x4000, "MS_REC"},
	{0x8000, "MS_SILENT"},
	{0x10000, "MS_POSIXACL"},
	{0x20000, "MS_UNBINDABLE"},
	{0x40000, "MS_PRIVATE"},
	{0x80000, "MS_SLAVE"},
	{0x100000, "MS_SHARED"},
	{0x200000, "MS_RELATIME"},
	{0x400000, "MS_KERNMOUNT"},
	{0x800000, "MS_I_VERSION"},
	{0x1000000, "MS_STRICTATIME"},
	{0x2000000, "MS_LAZYTIME"},
	{0x4000000, "MS_SUBMOUNT"},
	{0x8000000, "MS_NOREMOTELOCK"},
	{0x10000000, "MS_NOSEC"},
};
const struct constants c_mount_flags = {
	"MS_???", mount_flags_list, 28, 0x0, 0,
};
static const struct constant umount_flags_list[] = {
	{0x1, "MNT_FORCE"},
	{0x2, "MNT_DETACH"},
	{0x4, "MNT_EXPIRE"},
	{0x8, "UMOUNT_NOFOLLOW"},
};
const struct constants c_umount_flags = {
	"MNT_???", umount_flags_list, 4, 0x0, 0,
};
static const struct constant sync_range_list[] = {
	{0x1, "SYNC_FILE_RANGE_WAIT_BEFORE"},
	{0x2, "SYNC_FILE_RANGE_WRITE"},
	{0x4, "SYNC_FILE_RANGE_WAIT_AFTER"},
};
const struct constants c_sync_range = {
	"SYNC_???", sync_range_list, 3, 0x0, 0,
};
static const struct constant memfd_list[] = {
	{0x1, "MFD_CLOEXEC"},
	{0x2, "MFD_ALLOW_SEALING"},
	{0x4, "MFD_HUGETLB"},
	{0x8, "MFD_NOEXEC_SEAL"},
	{0x10, "MFD_EXEC"},
};
const struct constants c_memfd = {
	"MFD_???", memfd_list, 5, 0x0, 0,
};
static const struct constant close_range_list[] = {
	{0x2, "CLOSE_RANGE_UNSHARE"},
	{0x4, "CLOSE_RANGE_CLOEXEC"},
};
const struct constants c_close_range = {
	"CLOSE_???", close_range_list, 2, 0x0, 0,
};
static const struct constant xattr_flags_list[] = {
	{0x1, "XATTR_CREATE"},
	{0x2, "XATTR_REPLACE"},
};
const struct constants c_xattr_flags = {
	"XATTR_???", xattr_flags_list, 2, 0x0, 0,
};
static const struct constant prot_list[] = {
	{0x0, "PROT_NONE"},
	{0x1, "PROT_READ"},
	{0x2, "PROT_WRITE"},
	{0x4, "PROT_EXEC"},
	{0x8, "PROT_SEM"},
	{0x1000000, "PROT_GROWSDOWN"},
	{0x2000000, "PROT_GROWSUP"},
};
const struct constants c_prot = {
	"PROT_???", prot_list, 7, 0x0, 0,
};
static const struct constant map_flags_list[] = {
	{0x1, "MAP_SHARED"},
	{0x2, "MAP_PRIVATE"},
	{0x3, "MAP_SHARED_VALIDATE"},
	{0x8, "MAP_DROPPABLE"},
	{0x10, "MAP_FIXED"},
	{0x20, "MAP_ANONYMOUS"},
	{0x40, "MAP_32BIT"},
	{0x4000, "MAP_NORESERVE"},
	{0x8000, "MAP_POPULATE"},
	{0x10000, "MAP_NONBLOCK"},
	{0x80, "MAP_ABOVE4G"},
	{0x100, "MAP_GROWSDOWN"},
	{0x800, "MAP_DENYWRITE"},
	{0x1000, "MAP_EXECUTABLE"},
	{0x2000, "MAP_LOCKED"},
	{0x20000, "MAP_STACK"},
	{0x40000, "MAP_HUGETLB"},
	{0x80000, "MAP_SYNC"},
	{0x100000, "MAP_FIXED_NOREPLACE"},
	{0x4000000, "MAP_UNINITIALIZED"},
};
const struct constants c_map_flags = {
	"MAP_???", map_flags_list, 20, 0xf, 4,
};
static const struct constant mremap_list[] = {
	{0x1, "MREMAP_MAYMOVE"},
	{0x2, "MREMAP_FIXED"},
	{0x4, "MREMAP_DONTUNMAP"},
};
const struct constants c_mremap = {
	"MREMAP_???", mremap_list, 3, 0x0, 0,
};
static const struct constant msync_list[] = {
	{0x1, "MS_ASYNC"},
	{0x2, "MS_INVALIDATE"},
	{0x4, "MS_SYNC"},
};
const struct constants c_msync = {
	"MS_???", msync_list, 3, 0x0, 0,
};
static const struct constant madvise_list[] = {
	{0x0, "MADV_NORMAL"},
	{0x1, "MADV_RANDOM"},
	{0x2, "MADV_SEQUENTIAL"},
	{0x3, "MADV_WILLNEED"},
	{0x4, "MADV_DONTNEED"},
	{0x8, "MADV_FREE"},
	{0x9, "MADV_REMOVE"},
	{0xa, "MADV_DONTFORK"},
	{0xb, "MADV_DOFORK"},
	{0xc, "MADV_MERGEABLE"},
	{0xd, "MADV_UNMERGEABLE"},
	{0xe, "MADV_HUGEPAGE"},
	{0xf, "MADV_NOHUGEPAGE"},
	{0x10, "MADV_DONTDUMP"},
	{0x11, "MADV_DODUMP"},
	{0x12, "MADV_WIPEONFORK"},
	{0x13, "MADV_KEEPONFORK"},
	{0x14, "MADV_COLD"},
	{0x15, "MADV_PAGEOUT"},
	{0x16, "MADV_POPULATE_READ"},
	{0x17, "MADV_POPULATE_WRITE"},
	{0x18, "MADV_DONTNEED_LOCKED"},
	{0x19, "MADV_COLLAPSE"},
	{0x64, "MADV_HWPOISON"},
	{0x65, "MADV_SOFT_OFFLINE"},
	{0x66, "MADV_GUARD_INSTALL"},
	{0x67, "MADV_GUARD_REMOVE"},
};
const struct constants c_madvise = {
	"MADV_???", madvise_list, 27, 0x0, 0,
};
static const struct constant mlockall_list[] = {
	{0x1, "MCL_CURRENT"},
	{0x2, "MCL_FUTURE"},
	{0x4, "MCL_ONFAULT"},
};
const struct constants c_mlockall = {
	"MCL_???", mlockall_list, 3, 0x0, 0,
};
static const struct constant mlock2_list[] = {
	{0x1, "MLOCK_ONFAULT"},
};
const struct constants c_mlock2 = {
	"MLOCK_???", mlock2_list, 1, 0x0, 0,
};
static const struct constant clone_flags_list[] = {
	{0x100, "CLONE_VM"},
	{0x200, "CLONE_FS"},
	{0x400, "CLONE_FILES"},
	{0x800, "CLONE_SIGHAND"},
	{0x1000, "CLONE_PIDFD"},
	{0x2000, "CLONE_PTRACE"},
	{0x4000, "CLONE_VFORK"},
	{0x8000, "CLONE_PARENT"},
	{0x10000, "CLONE_THREAD"},
	{0x20000, "CLONE_NEWNS"},
	{0x40000, "CLONE_SYSVSEM"},
	{0x80000, "CLONE_SETTLS"},
	{0x100000, "CLONE_PARENT_SETTID"},
	{0x200000, "CLONE_CHILD_CLEARTID"},
	{0x400000, "CLONE_DETACHED"},
	{0x800000, "CLONE_UNTRACED"},
	{0x1000000, "CLONE_CHILD_SETTID"},
	{0x2000000, "CLONE_NEWCGROUP"},
	{0x4000000, "CLONE_NEWUTS"},
	{0x8000000, "CLONE_NEWIPC"},
	{0x10000000, "CLONE_NEWUSER"},
	{0x20000000, "CLONE_NEWPID"},
	{0x40000000, "CLONE_NEWNET"},
	{0x80000000, "CLONE_IO"},
	{0x100000000, "CLONE_CLEAR_SIGHAND"},
	{0x200000000, "CLONE_INTO_CGROUP"},
	{0x400000000, "CLONE_AUTOREAP"},
	{0x800000000, "CLONE_NNP"},
	{0x1000000000, "CLONE_PIDFD_AUTOKILL"},
	{0x2000000000, "CLONE_EMPTY_MNTNS"},
};
const struct constants c_clone_flags = {
	"CLONE_???", clone_flags_list, 30, 0x0, 0,
};
static const struct constant wait_options_list[] = {
	{0x1, "WNOHANG"},
	{0x2, "WSTOPPED"},
	{0x4, "WEXITED"},
	{0x8, "WCONTINUED"},
	{0x1000000, "WNOWAIT"},
	{0x20000000, "__WNOTHREAD"},
	{0x40000000, "__WALL"},
	{0x80000000, "__WCLONE"},
};
const struct constants c_wait_options = {
	"W???", wait_options_list, 8, 0x0, 0,
};
static const struct constant wait_id_list[] = {
	{0x0, "P_ALL"},
	{0x1, "P_PID"},
	{0x2, "P_PGID"},
	{0x3, "P_PIDFD"},
};
const struct constants c_wait_id = {
	"P_???", wait_id_list, 4, 0x0, 0,
};
static const struct constant rlimit_list[] = {
	{0x0, "RLIMIT_CPU"},
	{0x1, "RLIMIT_FSIZE"},
	{0x2, "RLIMIT_DATA"},
	{0x3, "RLIMIT_STACK"},
	{0x4, "RLIMIT_CORE"},
	{0x5, "RLIMIT_RSS"},
	{0x6, "RLIMIT_NPROC"},
	{0x7, "RLIMIT_NOFILE"},
	{0x8, "RLIMIT_MEMLOCK"},
	{0x9, "RLIMIT_AS"},
	{0xa, "RLIMIT_LOCKS"},
	{0xb, "RLIMIT_SIGPENDING"},
	{0xc, "RLIMIT_MSGQUEUE"},
	{0xd, "RLIMIT_NICE"},
	{0xe, "RLIMIT_RTPRIO"},
	{0xf, "RLIMIT_RTTIME"},
};
const struct constants c_rlimit = {
	"RLIMIT_???", rlimit_list, 16, 0x0, 0,
};
static const struct constant rusage_who_list[] = {
	{0x0, "RUSAGE_SELF"},
	{0x1, "RUSAGE_THREAD"},
	{0xfffffffe, "RUSAGE_BOTH"},
	{0xffffffff, "RUSAGE_CHILDREN"},
};
const struct constants c_rusage_who = {
	"RUSAGE_???", rusage_who_list, 4, 0x0, 0,
};
static const struct constant prio_which_list[] = {
	{0x0, "PRIO_PROCESS"},
	{0x1, "PRIO_PGRP"},
	{0x2, "PRIO_USER"},
};
const struct constants c_prio_which = {
	"PRIO_???", prio_which_list, 3, 0x0, 0,
};
static const struct constant sched_policy_list[] = {
	{0x0, "SCHED_NORMAL"},
	{0x1, "SCHED_FIFO"},
	{0x2, "SCHED_RR"},
	{0x3, "SCHED_BATCH"},
	{0x5, "SCHED_IDLE"},
	{0x6, "SCHED_DEADLINE"},
	{0x7, "SCHED_EXT"},
};
const struct constants c_sched_policy = {
	"SCHED_???", sched_policy_list, 7, 0x0, 0,
};
static const struct constant prctl_list[] = {
	{0x1, "PR_SET_PDEATHSIG"},
	{0x2, "PR_GET_PDEATHSIG"},
	{0x3, "PR_GET_DUMPABLE"},
	{0x4, "PR_SET_DUMPABLE"},
	{0x5, "PR_GET_UNALIGN"},
	{0x6, "PR_SET_UNALIGN"},
	{0x7, "PR_GET_KEEPCAPS"},
	{0x8, "PR_SET_KEEPCAPS"},
	{0x9, "PR_GET_FPEMU"},
	{0xa, "PR_SET_FPEMU"},
	{0xb, "PR_GET_FPEXC"},
	{0xc, "PR_SET_FPEXC"},
	{0xd, "PR_GET_TIMING"},
	{0xe, "PR_SET_TIMING"},
	{0xf, "PR_SET_NAME"},
	{0x10, "PR_GET_NAME"},
	{0x13, "PR_GET_ENDIAN"},
	{0x14, "PR_SET_ENDIAN"},
	{0x15, "PR_GET_SECCOMP"},
	{0x16, "PR_SET_SECCOMP"},
	{0x17, "PR_CAPBSET_READ"},
	{0x18, "PR_CAPBSET_DROP"},
	{0x19, "PR_GET_TSC"},
	{0x1a, "PR_SET_TSC"},
	{0x1b, "PR_GET_SECUREBITS"},
	{0x1c, "PR_SET_SECUREBITS"},
	{0x1d, "PR_SET_TIMERSLACK"},
	{0x1e, "PR_GET_TIMERSLACK"},
	{0x1f, "PR_TASK_PERF_EVENTS_DISABLE"},
	{0x20, "PR_TASK_PERF_EVENTS_ENABLE"},
	{0x21, "PR_MCE_KILL"},
	{0x23, "PR_SET_MM"},
	{0x24, "PR_SET_CHILD_SUBREAPER"},
	{0x25, "PR_GET_CHILD_SUBREAPER"},
	{0x26, "PR_SET_NO_NEW_PRIVS"},
	{0x27, "PR_GET_NO_NEW_PRIVS"},
	{0x28, "PR_GET_TID_ADDRESS"},
	{0x29, "PR_SET_THP_DISABLE"},
	{0x2a, "PR_GET_THP_DISABLE"},
	{0x2b, "PR_MPX_ENABLE_MANAGEMENT"},
	{0x2c, "PR_MPX_DISABLE_MANAGEMENT"},
	{0x2d, "PR_SET_FP_MODE"},
	{0x2e, "PR_GET_FP_MODE"},
	{0x2f, "PR_CAP_AMBIENT"},
	{0x32, "PR_SVE_SET_VL"},
	{0x33, "PR_SVE_GET_VL"},
	{0x34, "PR_GET_SPECULATION_CTRL"},
	{0x35, "PR_SET_SPECULATION_CTRL"},
	{0x36, "PR_PAC_RESET_KEYS"},
	{0x37, "PR_SET_TAGGED_ADDR_CTRL"},
	{0x38, "PR_GET_TAGGED_ADDR_CTRL"},
	{0x39, "PR_SET_IO_FLUSHER"},
	{0x3a, "PR_GET_IO_FLUSHER"},
	{0x3b, "PR_SET_SYSCALL_USER_DISPATCH"},
	{0x3c, "PR_PAC_SET_ENABLED_KEYS"},
	{0x3d, "PR_PAC_GET_ENABLED_KEYS"},
	{0x3e, "PR_SCHED_CORE"},
	{0x3f, "PR_SME_SET_VL"},
	{0x40, "PR_SME_GET_VL"},
	{0x41, "PR_SET_MDWE"},
	{0x42, "PR_GET_MDWE"},
	{0x43, "PR_SET_MEMORY_MERGE"},
	{0x44, "PR_GET_MEMORY_MERGE"},
	{0x47, "PR_RISCV_SET_ICACHE_FLUSH_CTX"},
	{0x48, "PR_PPC_GET_DEXCR"},
	{0x49, "PR_PPC_SET_DEXCR"},
	{0x4a, "PR_GET_SHADOW_STACK_STATUS"},
	{0x4b, "PR_SET_SHADOW_STACK_STATUS"},
	{0x4c, "PR_LOCK_SHADOW_STACK_STATUS"},
	{0x4d, "PR_TIMER_CREATE_RESTORE_IDS"},
	{0x4e, "PR_FUTEX_HASH"},
	{0x4f, "PR_RSEQ_SLICE_EXTENSION"},
	{0x50, "PR_GET_CFI"},
	{0x51, "PR_SET_CFI"},
	{0x41555856, "PR_GET_AUXV"},
	{0x53564d41, "PR_SET_VMA"},
	{0x59616d61, "PR_SET_PTRACER"},
	{0xffffffff, "PR_SET_PTRACER_ANY"},
};
const struct constants c_prctl = {
	"PR_???", prctl_list, 78, 0x0, 0,
};
static const struct constant sigmask_how_list[] = {
	{0x0, "SIG_BLOCK"},
	{0x1, "SIG_UNBLOCK"},
	{0x2, "SIG_SETMASK"},
};
const struct constants c_sigmask_how = {
	"SIG_???", sigmask_how_list, 3, 0x0, 0,
};
static const struct constant sa_flags_list[] = {
	{0x1, "SA_NOCLDSTOP"},
	{0x2, "SA_NOCLDWAIT"},
	{0x4, "SA_SIGINFO"},
	{0x400, "SA_UNSUPPORTED"},
	{0x800, "SA_EXPOSE_TAGBITS"},
	{0x4000000, "SA_RESTORER"},
	{0x8000000, "SA_ONSTACK"},
	{0x10000000, "SA_RESTART"},
	{0x40000000, "SA_NODEFER"},
	{0x80000000, "SA_RESETHAND"},
};
const struct constants c_sa_flags = {
	"SA_???", sa_flags_list, 10, 0x0, 0,
};
static const struct constant clock_list[] = {
	{0x0, "CLOCK_REALTIME"},
	{0x1, "CLOCK_MONOTONIC"},
	{0x2, "CLOCK_PROCESS_CPUTIME_ID"},
	{0x3, "CLOCK_THREAD_CPUTIME_ID"},
	{0x4, "CLOCK_MONOTONIC_RAW"},
	{0x5, "CLOCK_REALTIME_COARSE"},
	{0x6, "CLOCK_MONOTONIC_COARSE"},
	{0x7, "CLOCK_BOOTTIME"},
	{0x8, "CLOCK_REALTIME_ALARM"},
	{0x9, "CLOCK_BOOTTIME_ALARM"},
	{0xa, "CLOCK_SGI_CYCLE"},
	{0xb, "CLOCK_TAI"},
	{0x10, "CLOCK_AUX"},
	{0x17, "CLOCK_AUX_LAST"},
};
const struct constants c_clock = {
	"CLOCK_???", clock_list, 14, 0x0, 0,
};
static const struct constant timer_flags_list[] = {
	{0x1, "TIMER_ABSTIME"},
};
const struct constants c_timer_flags = {
	"TIMER_???", timer_flags_list, 1, 0x0, 0,
};
static const struct constant itimer_list[] = {
	{0x0, "ITIMER_REAL"},
	{0x1, "ITIMER_VIRTUAL"},
	{0x2, "ITIMER_PROF"},
};
const struct constants c_itimer = {
	"ITIMER_???", itimer_list, 3, 0x0, 0,
};
