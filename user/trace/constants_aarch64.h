/* SPDX-License-Identifier: GPL-2.0-only */
/* Made by scripts/gen-constants from the headers of Linux 7.3.4, aarch64: do not edit. */
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
	{0x10000, "O_DIRECT"},
	{0x20000, "O_LARGEFILE"},
	{0x8000, "O_NOFOLLOW"},
	{0x40000, "O_NOATIME"},
	{0x80000, "O_CLOEXEC"},
	{0x200000, "O_PATH"},
	{0x404000, "O_TMPFILE"},
	{0x4000, "O_DIRECTORY"},
	{0x2000, "FASYNC"},
	{0x4000000, "O_EMPTYPATH"},
};
const struct constants c_open_flags = {
	"O_???", open_flags_list, 22, 0x3, 4,
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
};
const struct constants c_at_stat = {
	"AT_???", at_stat_list, 3, 0x0, 0,
};
static const struct constant at_statx_list[] = {
	{0x0, "AT_STATX_SYNC_AS_STAT"},
	{0x2000, "AT_STATX_FORCE_SYNC"},
	{0x4000, "AT_STATX_DONT_SYNC"},
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x800, "AT_NO_AUTOMOUNT"},
	{0x1000, "AT_EMPTY_PATH"},
};
const struct constants c_at_statx = {
	"AT_???", at_statx_list, 6, 0x6000, 3,
};
static const struct constant at_exec_list[] = {
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x1000, "AT_EMPTY_PATH"},
	{0x10000, "AT_EXECVE_CHECK"},
};
const struct constants c_at_exec = {
	"AT_???", at_exec_list, 3, 0x0, 0,
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
	"F_SEAL_???", seals_list, 6, 0x0, 0,
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
	{0x1, "FALLOC_FL_KEEP_SIZE"},
	{0x2, "FALLOC_FL_PUNCH_HOLE"},
	{0x8, "FALLOC_FL_COLLAPSE_RANGE"},
	{0x10, "FALLOC_FL_ZERO_RANGE"},
	{0x20, "FALLOC_FL_INSERT_RANGE"},
	{0x40, "FALLOC_FL_UNSHARE_RANGE"},
	{0x80, "FALLOC_FL_WRITE_ZEROES"},
};
const struct constants c_fallocate_mode = {
	"FALLOC_FL_???", fallocate_mode_list, 7, 0x0, 0,
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
	"POSIX_FADV_???", fadvise_list, 6, 0x0, 0,
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
	{0xfff, "STATX_ALL"},
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
	"STATX_???", statx_mask_list, 20, 0x0, 0,
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
	"STATX_ATTR_???", statx_attr_list, 10, 0x0, 0,
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
	{0x20000000, "MS_BORN"},
	{0x40000000, "MS_ACTIVE"},
	{0x80000000, "MS_NOUSER"},
};
const struct constants c_mount_flags = {
	"MS_???", mount_flags_list, 31, 0x0, 0,
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
	"SYNC_FILE_RANGE_???", sync_range_list, 3, 0x0, 0,
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
	"CLOSE_RANGE_???", close_range_list, 2, 0x0, 0,
};
static const struct constant xattr_flags_list[] = {
	{0x1, "XATTR_CREATE"},
	{0x2, "XATTR_REPLACE"},
};
const struct constants c_xattr_flags = {
	"XATTR_???", xattr_flags_list, 2, 0x0, 0,
};
static const struct constant fs_magic_list[] = {
	{0x2f, "QNX4_SUPER_MAGIC"},
	{0x187, "AUTOFS_SUPER_MAGIC"},
	{0x137f, "MINIX_SUPER_MAGIC"},
	{0x1cd1, "DEVPTS_SUPER_MAGIC"},
	{0x2468, "MINIX2_SUPER_MAGIC"},
	{0x3434, "NILFS_SUPER_MAGIC"},
	{0x4d44, "MSDOS_SUPER_MAGIC"},
	{0x4d5a, "MINIX3_SUPER_MAGIC"},
	{0x517b, "SMB_SUPER_MAGIC"},
	{0x564c, "NCP_SUPER_MAGIC"},
	{0x6969, "NFS_SUPER_MAGIC"},
	{0x72b6, "JFFS2_SUPER_MAGIC"},
	{0x9660, "ISOFS_SUPER_MAGIC"},
	{0x9fa0, "PROC_SUPER_MAGIC"},
	{0x9fa1, "OPENPROM_SUPER_MAGIC"},
	{0x9fa2, "USBDEVICE_SUPER_MAGIC"},
	{0xadf5, "ADFS_SUPER_MAGIC"},
	{0xadff, "AFFS_SUPER_MAGIC"},
	{0xef53, "EXT2_SUPER_MAGIC"},
	{0xf15f, "ECRYPTFS_SUPER_MAGIC"},
	{0x27e0eb, "CGROUP_SUPER_MAGIC"},
	{0x414a53, "EFS_SUPER_MAGIC"},
	{0xc0ffee, "HOSTFS_SUPER_MAGIC"},
	{0xc36400, "CEPH_SUPER_MAGIC"},
	{0x1021994, "TMPFS_MAGIC"},
	{0x1021997, "V9FS_MAGIC"},
	{0x7655821, "RDTGROUP_SUPER_MAGIC"},
	{0x9041934, "ANON_INODE_FS_MAGIC"},
	{0xbad1dea, "FUTEXFS_SUPER_MAGIC"},
	{0x11307854, "MTD_INODE_FS_MAGIC"},
	{0x15013346, "UDF_SUPER_MAGIC"},
	{0x2011bab0, "EXFAT_SUPER_MAGIC"},
	{0x28cd3d45, "CRAMFS_MAGIC"},
	{0x42494e4d, "BINFMTFS_MAGIC"},
	{0x43415d53, "SMACK_MAGIC"},
	{0x444d4142, "DMA_BUF_MAGIC"},
	{0x454d444d, "DEVMEM_MAGIC"},
	{0x4641494c, "FAIL_FS_MAGIC"},
	{0x474d454d, "GUEST_MEMFD_MAGIC"},
	{0x4e554c4c, "NULL_FS_MAGIC"},
	{0x50494446, "PID_FS_MAGIC"},
	{0x50495045, "PIPEFS_MAGIC"},
	{0x52654973, "REISERFS_SUPER_MAGIC"},
	{0x5345434d, "SECRETMEM_MAGIC"},
	{0x5346414f, "AFS_SUPER_MAGIC"},
	{0x534f434b, "SOCKFS_MAGIC"},
	{0x58465342, "XFS_SUPER_MAGIC"},
	{0x5a3c69f0, "AAFS_MAGIC"},
	{0x5a4f4653, "ZONEFS_MAGIC"},
	{0x6165676c, "PSTOREFS_MAGIC"},
	{0x62646576, "BDEVFS_MAGIC"},
	{0x62656570, "CONFIGFS_MAGIC"},
	{0x62656572, "SYSFS_MAGIC"},
	{0x63677270, "CGROUP2_SUPER_MAGIC"},
	{0x64626720, "DEBUGFS_MAGIC"},
	{0x64646178, "DAXFS_MAGIC"},
	{0x65735546, "FUSE_SUPER_MAGIC"},
	{0x68191122, "QNX6_SUPER_MAGIC"},
	{0x6b414653, "AFS_FS_MAGIC"},
	{0x6c6f6f70, "BINDERFS_SUPER_MAGIC"},
	{0x6e736673, "NSFS_MAGIC"},
	{0x73636673, "SECURITYFS_MAGIC"},
	{0x73717368, "SQUASHFS_MAGIC"},
	{0x73727279, "BTRFS_TEST_MAGIC"},
	{0x73757245, "CODA_SUPER_MAGIC"},
	{0x7461636f, "OCFS2_SUPER_MAGIC"},
	{0x74726163, "TRACEFS_MAGIC"},
	{0x794c7630, "OVERLAYFS_SUPER_MAGIC"},
	{0x858458f6, "RAMFS_MAGIC"},
	{0x9123683e, "BTRFS_SUPER_MAGIC"},
	{0x958458f6, "HUGETLBFS_MAGIC"},
	{0xabba1974, "XENFS_SUPER_MAGIC"},
	{0xca451a4e, "BCACHEFS_SUPER_MAGIC"},
	{0xcafe4a11, "BPF_FS_MAGIC"},
	{0xde5e81e4, "EFIVARFS_MAGIC"},
	{0xf2f52010, "F2FS_SUPER_MAGIC"},
	{0xf97cff8c, "SELINUX_MAGIC"},
	{0xf995e849, "HPFS_SUPER_MAGIC"},
	{0xfe534d42, "SMB2_SUPER_MAGIC"},
	{0xff534d42, "CIFS_SUPER_MAGIC"},
};
const struct constants c_fs_magic = {
	"???_MAGIC", fs_magic_list, 80, 0x0, 0,
};
static const struct constant statfs_flags_list[] = {
	{0x20, "ST_VALID"},
	{0x1, "ST_RDONLY"},
	{0x2, "ST_NOSUID"},
	{0x4, "ST_NODEV"},
	{0x8, "ST_NOEXEC"},
	{0x10, "ST_SYNCHRONOUS"},
	{0x40, "ST_MANDLOCK"},
	{0x400, "ST_NOATIME"},
	{0x800, "ST_NODIRATIME"},
	{0x1000, "ST_RELATIME"},
	{0x2000, "ST_NOSYMFOLLOW"},
};
const struct constants c_statfs_flags = {
	"ST_???", statfs_flags_list, 11, 0x0, 0,
};
static const struct constant dirent_type_list[] = {
	{0x0, "DT_UNKNOWN"},
	{0x1, "DT_FIFO"},
	{0x2, "DT_CHR"},
	{0x4, "DT_DIR"},
	{0x6, "DT_BLK"},
	{0x8, "DT_REG"},
	{0xa, "DT_LNK"},
	{0xc, "DT_SOCK"},
	{0xe, "DT_WHT"},
};
const struct constants c_dirent_type = {
	"DT_???", dirent_type_list, 9, 0x0, 0,
};
static const struct constant splice_flags_list[] = {
	{0x1, "SPLICE_F_MOVE"},
	{0x2, "SPLICE_F_NONBLOCK"},
	{0x4, "SPLICE_F_MORE"},
	{0x8, "SPLICE_F_GIFT"},
};
const struct constants c_splice_flags = {
	"SPLICE_F_???", splice_flags_list, 4, 0x0, 0,
};
static const struct constant swap_flags_list[] = {
	{0x8000, "SWAP_FLAG_PREFER"},
	{0x10000, "SWAP_FLAG_DISCARD"},
	{0x20000, "SWAP_FLAG_DISCARD_ONCE"},
	{0x40000, "SWAP_FLAG_DISCARD_PAGES"},
};
const struct constants c_swap_flags = {
	"SWAP_FLAG_???", swap_flags_list, 4, 0x0, 0,
};
static const struct constant inotify_init_list[] = {
	{0x800, "IN_NONBLOCK"},
	{0x80000, "IN_CLOEXEC"},
};
const struct constants c_inotify_init = {
	"IN_???", inotify_init_list, 2, 0x0, 0,
};
static const struct constant inotify_mask_list[] = {
	{0x1, "IN_ACCESS"},
	{0x2, "IN_MODIFY"},
	{0x4, "IN_ATTRIB"},
	{0x8, "IN_CLOSE_WRITE"},
	{0x10, "IN_CLOSE_NOWRITE"},
	{0x20, "IN_OPEN"},
	{0x40, "IN_MOVED_FROM"},
	{0x80, "IN_MOVED_TO"},
	{0x100, "IN_CREATE"},
	{0x200, "IN_DELETE"},
	{0x400, "IN_DELETE_SELF"},
	{0x800, "IN_MOVE_SELF"},
	{0x2000, "IN_UNMOUNT"},
	{0x4000, "IN_Q_OVERFLOW"},
	{0x8000, "IN_IGNORED"},
	{0x1000000, "IN_ONLYDIR"},
	{0x2000000, "IN_DONT_FOLLOW"},
	{0x4000000, "IN_EXCL_UNLINK"},
	{0x10000000, "IN_MASK_CREATE"},
	{0x20000000, "IN_MASK_ADD"},
	{0x40000000, "IN_ISDIR"},
	{0x80000000, "IN_ONESHOT"},
};
const struct constants c_inotify_mask = {
	"IN_???", inotify_mask_list, 22, 0x0, 0,
};
static const struct constant owner_type_list[] = {
	{0x0, "F_OWNER_TID"},
	{0x1, "F_OWNER_PID"},
	{0x2, "F_OWNER_PGRP"},
};
const struct constants c_owner_type = {
	"F_OWNER_???", owner_type_list, 3, 0x0, 0,
};
static const struct constant rw_hint_list[] = {
	{0x0, "RWH_WRITE_LIFE_NOT_SET"},
	{0x1, "RWH_WRITE_LIFE_NONE"},
	{0x2, "RWH_WRITE_LIFE_SHORT"},
	{0x3, "RWH_WRITE_LIFE_MEDIUM"},
	{0x4, "RWH_WRITE_LIFE_LONG"},
	{0x5, "RWH_WRITE_LIFE_EXTREME"},
};
const struct constants c_rw_hint = {
	"RWH_???", rw_hint_list, 6, 0x0, 0,
};
static const struct constant handle_flags_list[] = {
	{0x1, "AT_HANDLE_MNT_ID_UNIQUE"},
	{0x2, "AT_HANDLE_CONNECTABLE"},
	{0x200, "AT_HANDLE_FID"},
	{0x400, "AT_SYMLINK_FOLLOW"},
	{0x1000, "AT_EMPTY_PATH"},
};
const struct constants c_handle_flags = {
	"AT_???", handle_flags_list, 5, 0x0, 0,
};
static const struct constant fsopen_flags_list[] = {
	{0x1, "FSOPEN_CLOEXEC"},
};
const struct constants c_fsopen_flags = {
	"FSOPEN_???", fsopen_flags_list, 1, 0x0, 0,
};
static const struct constant fspick_flags_list[] = {
	{0x1, "FSPICK_CLOEXEC"},
	{0x2, "FSPICK_SYMLINK_NOFOLLOW"},
	{0x4, "FSPICK_NO_AUTOMOUNT"},
	{0x8, "FSPICK_EMPTY_PATH"},
};
const struct constants c_fspick_flags = {
	"FSPICK_???", fspick_flags_list, 4, 0x0, 0,
};
static const struct constant fsmount_flags_list[] = {
	{0x1, "FSMOUNT_CLOEXEC"},
	{0x2, "FSMOUNT_NAMESPACE"},
};
const struct constants c_fsmount_flags = {
	"FSMOUNT_???", fsmount_flags_list, 2, 0x0, 0,
};
static const struct constant fsconfig_cmd_list[] = {
	{0x0, "FSCONFIG_SET_FLAG"},
	{0x1, "FSCONFIG_SET_STRING"},
	{0x2, "FSCONFIG_SET_BINARY"},
	{0x3, "FSCONFIG_SET_PATH"},
	{0x4, "FSCONFIG_SET_PATH_EMPTY"},
	{0x5, "FSCONFIG_SET_FD"},
	{0x6, "FSCONFIG_CMD_CREATE"},
	{0x7, "FSCONFIG_CMD_RECONFIGURE"},
	{0x8, "FSCONFIG_CMD_CREATE_EXCL"},
};
const struct constants c_fsconfig_cmd = {
	"FSCONFIG_???", fsconfig_cmd_list, 9, 0x0, 0,
};
static const struct constant mount_attr_list[] = {
	{0x1, "MOUNT_ATTR_RDONLY"},
	{0x2, "MOUNT_ATTR_NOSUID"},
	{0x4, "MOUNT_ATTR_NODEV"},
	{0x8, "MOUNT_ATTR_NOEXEC"},
	{0x10, "MOUNT_ATTR_NOATIME"},
	{0x20, "MOUNT_ATTR_STRICTATIME"},
	{0x80, "MOUNT_ATTR_NODIRATIME"},
	{0x100000, "MOUNT_ATTR_IDMAP"},
	{0x200000, "MOUNT_ATTR_NOSYMFOLLOW"},
};
const struct constants c_mount_attr = {
	"MOUNT_ATTR_???", mount_attr_list, 9, 0x0, 0,
};
static const struct constant move_mount_list[] = {
	{0x1, "MOVE_MOUNT_F_SYMLINKS"},
	{0x2, "MOVE_MOUNT_F_AUTOMOUNTS"},
	{0x4, "MOVE_MOUNT_F_EMPTY_PATH"},
	{0x10, "MOVE_MOUNT_T_SYMLINKS"},
	{0x20, "MOVE_MOUNT_T_AUTOMOUNTS"},
	{0x40, "MOVE_MOUNT_T_EMPTY_PATH"},
	{0x100, "MOVE_MOUNT_SET_GROUP"},
	{0x200, "MOVE_MOUNT_BENEATH"},
};
const struct constants c_move_mount = {
	"MOVE_MOUNT_???", move_mount_list, 8, 0x0, 0,
};
static const struct constant open_tree_list[] = {
	{0x1, "OPEN_TREE_CLONE"},
	{0x2, "OPEN_TREE_NAMESPACE"},
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x800, "AT_NO_AUTOMOUNT"},
	{0x1000, "AT_EMPTY_PATH"},
	{0x8000, "AT_RECURSIVE"},
	{0x80000, "OPEN_TREE_CLOEXEC"},
};
const struct constants c_open_tree = {
	"OPEN_TREE_???", open_tree_list, 7, 0x0, 0,
};
static const struct constant mount_setattr_list[] = {
	{0x100, "AT_SYMLINK_NOFOLLOW"},
	{0x800, "AT_NO_AUTOMOUNT"},
	{0x1000, "AT_EMPTY_PATH"},
	{0x8000, "AT_RECURSIVE"},
};
const struct constants c_mount_setattr = {
	"AT_???", mount_setattr_list, 4, 0x0, 0,
};
static const struct constant quota_type_list[] = {
	{0x0, "USRQUOTA"},
	{0x1, "GRPQUOTA"},
	{0x2, "PRJQUOTA"},
};
const struct constants c_quota_type = {
	"???QUOTA", quota_type_list, 3, 0x0, 0,
};
static const struct constant prot_list[] = {
	{0x0, "PROT_NONE"},
	{0x1, "PROT_READ"},
	{0x2, "PROT_WRITE"},
	{0x4, "PROT_EXEC"},
	{0x8, "PROT_SEM"},
	{0x10, "PROT_BTI"},
	{0x20, "PROT_MTE"},
	{0x1000000, "PROT_GROWSDOWN"},
	{0x2000000, "PROT_GROWSUP"},
};
const struct constants c_prot = {
	"PROT_???", prot_list, 9, 0x0, 0,
};
static const struct constant map_flags_list[] = {
	{0x0, "MAP_FILE"},
	{0x1, "MAP_SHARED"},
	{0x2, "MAP_PRIVATE"},
	{0x3, "MAP_SHARED_VALIDATE"},
	{0x8, "MAP_DROPPABLE"},
	{0x10, "MAP_FIXED"},
	{0x20, "MAP_ANONYMOUS"},
	{0x4000, "MAP_NORESERVE"},
	{0x8000, "MAP_POPULATE"},
	{0x10000, "MAP_NONBLOCK"},
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
	"MAP_???", map_flags_list, 19, 0xf, 5,
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
	{0x4, "MS_SYNC"},
	{0x1, "MS_ASYNC"},
	{0x2, "MS_INVALIDATE"},
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
static const struct constant pkey_rights_list[] = {
	{0x1, "PKEY_DISABLE_ACCESS"},
	{0x2, "PKEY_DISABLE_WRITE"},
};
const struct constants c_pkey_rights = {
	"PKEY_DISABLE_???", pkey_rights_list, 2, 0x0, 0,
};
static const struct constant mempolicy_list[] = {
	{0x0, "MPOL_DEFAULT"},
	{0x1, "MPOL_PREFERRED"},
	{0x2, "MPOL_BIND"},
	{0x3, "MPOL_INTERLEAVE"},
	{0x4, "MPOL_LOCAL"},
	{0x5, "MPOL_PREFERRED_MANY"},
	{0x6, "MPOL_WEIGHTED_INTERLEAVE"},
	{0x2000, "MPOL_F_NUMA_BALANCING"},
	{0xc000, "MPOL_USER_NODEMASK_FLAGS"},
	{0x4000, "MPOL_F_RELATIVE_NODES"},
	{0x8000, "MPOL_F_STATIC_NODES"},
};
const struct constants c_mempolicy = {
	"MPOL_???", mempolicy_list, 11, 0xff, 7,
};
static const struct constant mempolicy_get_list[] = {
	{0x1, "MPOL_F_NODE"},
	{0x2, "MPOL_F_ADDR"},
	{0x4, "MPOL_F_MEMS_ALLOWED"},
};
const struct constants c_mempolicy_get = {
	"MPOL_F_???", mempolicy_get_list, 3, 0x0, 0,
};
static const struct constant mbind_flags_list[] = {
	{0x1, "MPOL_MF_STRICT"},
	{0x2, "MPOL_MF_MOVE"},
	{0x4, "MPOL_MF_MOVE_ALL"},
	{0x8, "MPOL_MF_LAZY"},
};
const struct constants c_mbind_flags = {
	"MPOL_MF_???", mbind_flags_list, 4, 0x0, 0,
};
static const struct constant membarrier_list[] = {
	{0x0, "MEMBARRIER_CMD_QUERY"},
	{0x1, "MEMBARRIER_CMD_GLOBAL"},
	{0x2, "MEMBARRIER_CMD_GLOBAL_EXPEDITED"},
	{0x4, "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED"},
	{0x8, "MEMBARRIER_CMD_PRIVATE_EXPEDITED"},
	{0x10, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED"},
	{0x20, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE"},
	{0x40, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE"},
	{0x80, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ"},
	{0x100, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ"},
	{0x200, "MEMBARRIER_CMD_GET_REGISTRATIONS"},
};
const struct constants c_membarrier = {
	"MEMBARRIER_CMD_???", membarrier_list, 11, 0x0, 0,
};
static const struct constant membarrier_set_list[] = {
	{0x1, "MEMBARRIER_CMD_GLOBAL"},
	{0x2, "MEMBARRIER_CMD_GLOBAL_EXPEDITED"},
	{0x4, "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED"},
	{0x8, "MEMBARRIER_CMD_PRIVATE_EXPEDITED"},
	{0x10, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED"},
	{0x20, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE"},
	{0x40, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE"},
	{0x80, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ"},
	{0x100, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ"},
	{0x200, "MEMBARRIER_CMD_GET_REGISTRATIONS"},
};
const struct constants c_membarrier_set = {
	"MEMBARRIER_CMD_???", membarrier_set_list, 10, 0x0, 0,
};
static const struct constant membarrier_fl_list[] = {
	{0x1, "MEMBARRIER_CMD_FLAG_CPU"},
};
const struct constants c_membarrier_fl = {
	"MEMBARRIER_CMD_FLAG_???", membarrier_fl_list, 1, 0x0, 0,
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
	"CLONE_???", clone_flags_list, 29, 0xff, 0,
};
static const struct constant clone3_flags_list[] = {
	{0x80, "CLONE_NEWTIME"},
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
const struct constants c_clone3_flags = {
	"CLONE_???", clone3_flags_list, 30, 0x0, 0,
};
static const struct constant ns_flags_list[] = {
	{0x80, "CLONE_NEWTIME"},
	{0x100, "CLONE_VM"},
	{0x200, "CLONE_FS"},
	{0x400, "CLONE_FILES"},
	{0x800, "CLONE_SIGHAND"},
	{0x10000, "CLONE_THREAD"},
	{0x20000, "CLONE_NEWNS"},
	{0x40000, "CLONE_SYSVSEM"},
	{0x2000000, "CLONE_NEWCGROUP"},
	{0x4000000, "CLONE_NEWUTS"},
	{0x8000000, "CLONE_NEWIPC"},
	{0x10000000, "CLONE_NEWUSER"},
	{0x20000000, "CLONE_NEWPID"},
	{0x40000000, "CLONE_NEWNET"},
};
const struct constants c_ns_flags = {
	"CLONE_???", ns_flags_list, 14, 0x0, 0,
};
static const struct constant wait_options_list[] = {
	{0x1, "WNOHANG"},
	{0x4, "WEXITED"},
	{0x2, "WSTOPPED"},
	{0x8, "WCONTINUED"},
	{0x1000000, "WNOWAIT"},
	{0x80000000, "__WCLONE"},
	{0x40000000, "__WALL"},
	{0x20000000, "__WNOTHREAD"},
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
	{0x0, "SCHED_OTHER"},
	{0x1, "SCHED_FIFO"},
	{0x2, "SCHED_RR"},
	{0x3, "SCHED_BATCH"},
	{0x5, "SCHED_IDLE"},
	{0x6, "SCHED_DEADLINE"},
	{0x7, "SCHED_EXT"},
	{0x40000000, "SCHED_RESET_ON_FORK"},
};
const struct constants c_sched_policy = {
	"SCHED_???", sched_policy_list, 8, 0xff, 7,
};
static const struct constant sched_flags_list[] = {
	{0x1, "SCHED_FLAG_RESET_ON_FORK"},
	{0x2, "SCHED_FLAG_RECLAIM"},
	{0x4, "SCHED_FLAG_DL_OVERRUN"},
	{0x8, "SCHED_FLAG_KEEP_POLICY"},
	{0x10, "SCHED_FLAG_KEEP_PARAMS"},
	{0x20, "SCHED_FLAG_UTIL_CLAMP_MIN"},
	{0x40, "SCHED_FLAG_UTIL_CLAMP_MAX"},
};
const struct constants c_sched_flags = {
	"SCHED_FLAG_???", sched_flags_list, 7, 0x0, 0,
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
static const struct constant prctl_dump_list[] = {
	{0x0, "SUID_DUMP_DISABLE"},
	{0x1, "SUID_DUMP_USER"},
	{0x2, "SUID_DUMP_ROOT"},
};
const struct constants c_prctl_dump = {
	"SUID_DUMP_???", prctl_dump_list, 3, 0x0, 0,
};
static const struct constant prctl_mm_list[] = {
	{0x1, "PR_SET_MM_START_CODE"},
	{0x2, "PR_SET_MM_END_CODE"},
	{0x3, "PR_SET_MM_START_DATA"},
	{0x4, "PR_SET_MM_END_DATA"},
	{0x5, "PR_SET_MM_START_STACK"},
	{0x6, "PR_SET_MM_START_BRK"},
	{0x7, "PR_SET_MM_BRK"},
	{0x8, "PR_SET_MM_ARG_START"},
	{0x9, "PR_SET_MM_ARG_END"},
	{0xa, "PR_SET_MM_ENV_START"},
	{0xb, "PR_SET_MM_ENV_END"},
	{0xc, "PR_SET_MM_AUXV"},
	{0xd, "PR_SET_MM_EXE_FILE"},
	{0xe, "PR_SET_MM_MAP"},
	{0xf, "PR_SET_MM_MAP_SIZE"},
};
const struct constants c_prctl_mm = {
	"PR_SET_MM_???", prctl_mm_list, 15, 0x0, 0,
};
static const struct constant prctl_ambient_list[] = {
	{0x1, "PR_CAP_AMBIENT_IS_SET"},
	{0x2, "PR_CAP_AMBIENT_RAISE"},
	{0x3, "PR_CAP_AMBIENT_LOWER"},
	{0x4, "PR_CAP_AMBIENT_CLEAR_ALL"},
};
const struct constants c_prctl_ambient = {
	"PR_CAP_AMBIENT_???", prctl_ambient_list, 4, 0x0, 0,
};
static const struct constant prctl_vma_list[] = {
	{0x0, "PR_SET_VMA_ANON_NAME"},
};
const struct constants c_prctl_vma = {
	"PR_SET_VMA_ANON_???", prctl_vma_list, 1, 0x0, 0,
};
const struct constants c_arch_prctl = {"ARCH_???", 0, 0, 0, 0};
static const struct constant personality_list[] = {
	{0x0, "PER_LINUX"},
	{0x6, "PER_BSD"},
	{0x8, "PER_LINUX32"},
	{0xc, "PER_RISCOS"},
	{0xf, "PER_OSF4"},
	{0x20000, "UNAME26"},
	{0x40000, "ADDR_NO_RANDOMIZE"},
	{0x80000, "FDPIC_FUNCPTRS"},
	{0x100000, "MMAP_PAGE_ZERO"},
	{0x200000, "ADDR_COMPAT_LAYOUT"},
	{0x400000, "READ_IMPLIES_EXEC"},
	{0x800000, "ADDR_LIMIT_32BIT"},
	{0x1000000, "SHORT_INODE"},
	{0x2000000, "WHOLE_SECONDS"},
	{0x4000000, "STICKY_TIMEOUTS"},
	{0x8000000, "ADDR_LIMIT_3GB"},
};
const struct constants c_personality = {
	"PER_???", personality_list, 16, 0xff, 5,
};
static const struct constant capability_list[] = {
	{0x0, "CAP_CHOWN"},
	{0x1, "CAP_DAC_OVERRIDE"},
	{0x2, "CAP_DAC_READ_SEARCH"},
	{0x3, "CAP_FOWNER"},
	{0x4, "CAP_FSETID"},
	{0x5, "CAP_KILL"},
	{0x6, "CAP_SETGID"},
	{0x7, "CAP_SETUID"},
	{0x8, "CAP_SETPCAP"},
	{0x9, "CAP_LINUX_IMMUTABLE"},
	{0xa, "CAP_NET_BIND_SERVICE"},
	{0xb, "CAP_NET_BROADCAST"},
	{0xc, "CAP_NET_ADMIN"},
	{0xd, "CAP_NET_RAW"},
	{0xe, "CAP_IPC_LOCK"},
	{0xf, "CAP_IPC_OWNER"},
	{0x10, "CAP_SYS_MODULE"},
	{0x11, "CAP_SYS_RAWIO"},
	{0x12, "CAP_SYS_CHROOT"},
	{0x13, "CAP_SYS_PTRACE"},
	{0x14, "CAP_SYS_PACCT"},
	{0x15, "CAP_SYS_ADMIN"},
	{0x16, "CAP_SYS_BOOT"},
	{0x17, "CAP_SYS_NICE"},
	{0x18, "CAP_SYS_RESOURCE"},
	{0x19, "CAP_SYS_TIME"},
	{0x1a, "CAP_SYS_TTY_CONFIG"},
	{0x1b, "CAP_MKNOD"},
	{0x1c, "CAP_LEASE"},
	{0x1d, "CAP_AUDIT_WRITE"},
	{0x1e, "CAP_AUDIT_CONTROL"},
	{0x1f, "CAP_SETFCAP"},
	{0x20, "CAP_MAC_OVERRIDE"},
	{0x21, "CAP_MAC_ADMIN"},
	{0x22, "CAP_SYSLOG"},
	{0x23, "CAP_WAKE_ALARM"},
	{0x24, "CAP_BLOCK_SUSPEND"},
	{0x25, "CAP_AUDIT_READ"},
	{0x26, "CAP_PERFMON"},
	{0x27, "CAP_BPF"},
	{0x28, "CAP_CHECKPOINT_RESTORE"},
};
const struct constants c_capability = {
	"CAP_???", capability_list, 41, 0x0, 0,
};
static const struct constant cap_version_list[] = {
	{0x19980330, "_LINUX_CAPABILITY_VERSION_1"},
	{0x20071026, "_LINUX_CAPABILITY_VERSION_2"},
	{0x20080522, "_LINUX_CAPABILITY_VERSION_3"},
};
const struct constants c_cap_version = {
	"_LINUX_CAPABILITY_VERSION_???", cap_version_list, 3, 0x0, 0,
};
static const struct constant kcmp_list[] = {
	{0x0, "KCMP_FILE"},
	{0x1, "KCMP_VM"},
	{0x2, "KCMP_FILES"},
	{0x3, "KCMP_FS"},
	{0x4, "KCMP_SIGHAND"},
	{0x5, "KCMP_IO"},
	{0x6, "KCMP_SYSVSEM"},
};
const struct constants c_kcmp = {
	"KCMP_???", kcmp_list, 7, 0x0, 0,
};
static const struct constant pidfd_flags_list[] = {
	{0x80, "PIDFD_THREAD"},
	{0x800, "PIDFD_NONBLOCK"},
};
const struct constants c_pidfd_flags = {
	"PIDFD_???", pidfd_flags_list, 2, 0x0, 0,
};
static const struct constant pidfd_signal_list[] = {
	{0x1, "PIDFD_SIGNAL_THREAD"},
	{0x2, "PIDFD_SIGNAL_THREAD_GROUP"},
	{0x4, "PIDFD_SIGNAL_PROCESS_GROUP"},
};
const struct constants c_pidfd_signal = {
	"PIDFD_SIGNAL_???", pidfd_signal_list, 3, 0x0, 0,
};
static const struct constant ioprio_who_list[] = {
	{0x1, "IOPRIO_WHO_PROCESS"},
	{0x2, "IOPRIO_WHO_PGRP"},
	{0x3, "IOPRIO_WHO_USER"},
};
const struct constants c_ioprio_who = {
	"IOPRIO_WHO_???", ioprio_who_list, 3, 0x0, 0,
};
static const struct constant ioprio_class_list[] = {
	{0x0, "IOPRIO_CLASS_NONE"},
	{0x1, "IOPRIO_CLASS_RT"},
	{0x2, "IOPRIO_CLASS_BE"},
	{0x3, "IOPRIO_CLASS_IDLE"},
	{0x7, "IOPRIO_CLASS_INVALID"},
	{0xd, "IOPRIO_CLASS_SHIFT"},
};
const struct constants c_ioprio_class = {
	"IOPRIO_CLASS_???", ioprio_class_list, 6, 0x0, 0,
};
static const struct constant ptrace_list[] = {
	{0x0, "PTRACE_TRACEME"},
	{0x1, "PTRACE_PEEKTEXT"},
	{0x2, "PTRACE_PEEKDATA"},
	{0x3, "PTRACE_PEEKUSR"},
	{0x4, "PTRACE_POKETEXT"},
	{0x5, "PTRACE_POKEDATA"},
	{0x6, "PTRACE_POKEUSR"},
	{0x7, "PTRACE_CONT"},
	{0x8, "PTRACE_KILL"},
	{0x9, "PTRACE_SINGLESTEP"},
	{0x10, "PTRACE_ATTACH"},
	{0x11, "PTRACE_DETACH"},
	{0x18, "PTRACE_SYSCALL"},
	{0x1f, "PTRACE_SYSEMU"},
	{0x20, "PTRACE_SYSEMU_SINGLESTEP"},
	{0x21, "PTRACE_PEEKMTETAGS"},
	{0x22, "PTRACE_POKEMTETAGS"},
	{0x4200, "PTRACE_SETOPTIONS"},
	{0x4201, "PTRACE_GETEVENTMSG"},
	{0x4202, "PTRACE_GETSIGINFO"},
	{0x4203, "PTRACE_SETSIGINFO"},
	{0x4204, "PTRACE_GETREGSET"},
	{0x4205, "PTRACE_SETREGSET"},
	{0x4206, "PTRACE_SEIZE"},
	{0x4207, "PTRACE_INTERRUPT"},
	{0x4208, "PTRACE_LISTEN"},
	{0x4209, "PTRACE_PEEKSIGINFO"},
	{0x420a, "PTRACE_GETSIGMASK"},
	{0x420b, "PTRACE_SETSIGMASK"},
	{0x420c, "PTRACE_SECCOMP_GET_FILTER"},
	{0x420d, "PTRACE_SECCOMP_GET_METADATA"},
	{0x420e, "PTRACE_GET_SYSCALL_INFO"},
	{0x420f, "PTRACE_GET_RSEQ_CONFIGURATION"},
	{0x4210, "PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG"},
	{0x4211, "PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG"},
	{0x4212, "PTRACE_SET_SYSCALL_INFO"},
};
const struct constants c_ptrace = {
	"PTRACE_???", ptrace_list, 36, 0x0, 0,
};
static const struct constant ptrace_options_list[] = {
	{0x1, "PTRACE_O_TRACESYSGOOD"},
	{0x2, "PTRACE_O_TRACEFORK"},
	{0x4, "PTRACE_O_TRACEVFORK"},
	{0x8, "PTRACE_O_TRACECLONE"},
	{0x10, "PTRACE_O_TRACEEXEC"},
	{0x20, "PTRACE_O_TRACEVFORKDONE"},
	{0x40, "PTRACE_O_TRACEEXIT"},
	{0x80, "PTRACE_O_TRACESECCOMP"},
	{0x100000, "PTRACE_O_EXITKILL"},
	{0x200000, "PTRACE_O_SUSPEND_SECCOMP"},
};
const struct constants c_ptrace_options = {
	"PTRACE_O_???", ptrace_options_list, 10, 0x0, 0,
};
static const struct constant getrandom_list[] = {
	{0x1, "GRND_NONBLOCK"},
	{0x2, "GRND_RANDOM"},
	{0x4, "GRND_INSECURE"},
};
const struct constants c_getrandom = {
	"GRND_???", getrandom_list, 3, 0x0, 0,
};
static const struct constant reboot_cmd_list[] = {
	{0x0, "LINUX_REBOOT_CMD_CAD_OFF"},
	{0x1234567, "LINUX_REBOOT_CMD_RESTART"},
	{0x4321fedc, "LINUX_REBOOT_CMD_POWER_OFF"},
	{0x45584543, "LINUX_REBOOT_CMD_KEXEC"},
	{0x89abcdef, "LINUX_REBOOT_CMD_CAD_ON"},
	{0xa1b2c3d4, "LINUX_REBOOT_CMD_RESTART2"},
	{0xcdef0123, "LINUX_REBOOT_CMD_HALT"},
	{0xd000fce2, "LINUX_REBOOT_CMD_SW_SUSPEND"},
};
const struct constants c_reboot_cmd = {
	"LINUX_REBOOT_CMD_???", reboot_cmd_list, 8, 0x0, 0,
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
	{0x4000000, "SA_RESTORER"},
	{0x8000000, "SA_ONSTACK"},
	{0x10000000, "SA_RESTART"},
	{0x40000000, "SA_NODEFER"},
	{0x80000000, "SA_RESETHAND"},
	{0x4, "SA_SIGINFO"},
	{0x1, "SA_NOCLDSTOP"},
	{0x2, "SA_NOCLDWAIT"},
	{0x400, "SA_UNSUPPORTED"},
	{0x800, "SA_EXPOSE_TAGBITS"},
};
const struct constants c_sa_flags = {
	"SA_???", sa_flags_list, 10, 0x0, 0,
};
static const struct constant si_code_list[] = {
	{0x0, "SI_USER"},
	{0x80, "SI_KERNEL"},
	{0xffffffc4, "SI_ASYNCNL"},
	{0xfffffff9, "SI_DETHREAD"},
	{0xfffffffa, "SI_TKILL"},
	{0xfffffffb, "SI_SIGIO"},
	{0xfffffffc, "SI_ASYNCIO"},
	{0xfffffffd, "SI_MESGQ"},
	{0xfffffffe, "SI_TIMER"},
	{0xffffffff, "SI_QUEUE"},
};
const struct constants c_si_code = {
	"SI_???", si_code_list, 10, 0x0, 0,
};
static const struct constant cld_code_list[] = {
	{0x1, "CLD_EXITED"},
	{0x2, "CLD_KILLED"},
	{0x3, "CLD_DUMPED"},
	{0x4, "CLD_TRAPPED"},
	{0x5, "CLD_STOPPED"},
	{0x6, "CLD_CONTINUED"},
};
const struct constants c_cld_code = {
	"CLD_???", cld_code_list, 6, 0x0, 0,
};
static const struct constant segv_code_list[] = {
	{0x1, "SEGV_MAPERR"},
	{0x2, "SEGV_ACCERR"},
	{0x3, "SEGV_BNDERR"},
	{0x4, "SEGV_PKUERR"},
	{0x5, "SEGV_ACCADI"},
	{0x6, "SEGV_ADIDERR"},
	{0x7, "SEGV_ADIPERR"},
	{0x8, "SEGV_MTEAERR"},
	{0x9, "SEGV_MTESERR"},
	{0xa, "SEGV_CPERR"},
};
const struct constants c_segv_code = {
	"SEGV_???", segv_code_list, 10, 0x0, 0,
};
static const struct constant bus_code_list[] = {
	{0x1, "BUS_ADRALN"},
	{0x2, "BUS_ADRERR"},
	{0x3, "BUS_OBJERR"},
	{0x4, "BUS_MCEERR_AR"},
	{0x5, "BUS_MCEERR_AO"},
};
const struct constants c_bus_code = {
	"BUS_???", bus_code_list, 5, 0x0, 0,
};
static const struct constant fpe_code_list[] = {
	{0x1, "FPE_INTDIV"},
	{0x2, "FPE_INTOVF"},
	{0x3, "FPE_FLTDIV"},
	{0x4, "FPE_FLTOVF"},
	{0x5, "FPE_FLTUND"},
	{0x6, "FPE_FLTRES"},
	{0x7, "FPE_FLTINV"},
	{0x8, "FPE_FLTSUB"},
	{0xe, "FPE_FLTUNK"},
	{0xf, "FPE_CONDTRAP"},
};
const struct constants c_fpe_code = {
	"FPE_???", fpe_code_list, 10, 0x0, 0,
};
static const struct constant ill_code_list[] = {
	{0x1, "ILL_ILLOPC"},
	{0x2, "ILL_ILLOPN"},
	{0x3, "ILL_ILLADR"},
	{0x4, "ILL_ILLTRP"},
	{0x5, "ILL_PRVOPC"},
	{0x6, "ILL_PRVREG"},
	{0x7, "ILL_COPROC"},
	{0x8, "ILL_BADSTK"},
	{0x9, "ILL_BADIADDR"},
};
const struct constants c_ill_code = {
	"ILL_???", ill_code_list, 9, 0x0, 0,
};
static const struct constant trap_code_list[] = {
	{0x1, "TRAP_BRKPT"},
	{0x2, "TRAP_TRACE"},
	{0x3, "TRAP_BRANCH"},
	{0x4, "TRAP_HWBKPT"},
	{0x5, "TRAP_UNK"},
	{0x6, "TRAP_PERF"},
};
const struct constants c_trap_code = {
	"TRAP_???", trap_code_list, 6, 0x0, 0,
};
static const struct constant poll_code_list[] = {
	{0x1, "POLL_IN"},
	{0x2, "POLL_OUT"},
	{0x3, "POLL_MSG"},
	{0x4, "POLL_ERR"},
	{0x5, "POLL_PRI"},
	{0x6, "POLL_HUP"},
};
const struct constants c_poll_code = {
	"POLL_???", poll_code_list, 6, 0x0, 0,
};
static const struct constant sys_code_list[] = {
	{0x1, "SYS_SECCOMP"},
	{0x2, "SYS_USER_DISPATCH"},
};
const struct constants c_sys_code = {
	"SYS_???", sys_code_list, 2, 0x0, 0,
};
static const struct constant sigev_notify_list[] = {
	{0x0, "SIGEV_SIGNAL"},
	{0x1, "SIGEV_NONE"},
	{0x2, "SIGEV_THREAD"},
	{0x4, "SIGEV_THREAD_ID"},
};
const struct constants c_sigev_notify = {
	"SIGEV_???", sigev_notify_list, 4, 0x0, 0,
};
static const struct constant stack_flags_list[] = {
	{0x1, "SS_ONSTACK"},
	{0x2, "SS_DISABLE"},
	{0x80000000, "SS_AUTODISARM"},
};
const struct constants c_stack_flags = {
	"SS_???", stack_flags_list, 3, 0x0, 0,
};
static const struct constant signalfd_flags_list[] = {
	{0x80000, "SFD_CLOEXEC"},
	{0x800, "SFD_NONBLOCK"},
};
const struct constants c_signalfd_flags = {
	"SFD_???", signalfd_flags_list, 2, 0x0, 0,
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
static const struct constant timerfd_flags_list[] = {
	{0x80000, "TFD_CLOEXEC"},
	{0x800, "TFD_NONBLOCK"},
};
const struct constants c_timerfd_flags = {
	"TFD_???", timerfd_flags_list, 2, 0x0, 0,
};
static const struct constant timerfd_set_list[] = {
	{0x1, "TFD_TIMER_ABSTIME"},
	{0x2, "TFD_TIMER_CANCEL_ON_SET"},
};
const struct constants c_timerfd_set = {
	"TFD_TIMER_???", timerfd_set_list, 2, 0x0, 0,
};
static const struct constant timex_modes_list[] = {
	{0x1, "ADJ_OFFSET"},
	{0x2, "ADJ_FREQUENCY"},
	{0x4, "ADJ_MAXERROR"},
	{0x8, "ADJ_ESTERROR"},
	{0x10, "ADJ_STATUS"},
	{0x20, "ADJ_TIMECONST"},
	{0x80, "ADJ_TAI"},
	{0x100, "ADJ_SETOFFSET"},
	{0x1000, "ADJ_MICRO"},
	{0x2000, "ADJ_NANO"},
	{0x4000, "ADJ_TICK"},
};
const struct constants c_timex_modes = {
	"ADJ_???", timex_modes_list, 11, 0x0, 0,
};
static const struct constant timex_status_list[] = {
	{0x1, "STA_PLL"},
	{0x2, "STA_PPSFREQ"},
	{0x4, "STA_PPSTIME"},
	{0x8, "STA_FLL"},
	{0x10, "STA_INS"},
	{0x20, "STA_DEL"},
	{0x40, "STA_UNSYNC"},
	{0x80, "STA_FREQHOLD"},
	{0x100, "STA_PPSSIGNAL"},
	{0x200, "STA_PPSJITTER"},
	{0x400, "STA_PPSWANDER"},
	{0x800, "STA_PPSERROR"},
	{0x1000, "STA_CLOCKERR"},
	{0x2000, "STA_NANO"},
	{0x4000, "STA_MODE"},
	{0x8000, "STA_CLK"},
};
const struct constants c_timex_status = {
	"STA_???", timex_status_list, 16, 0x0, 0,
};
static const struct constant timex_state_list[] = {
	{0x0, "TIME_OK"},
	{0x1, "TIME_INS"},
	{0x2, "TIME_DEL"},
	{0x3, "TIME_OOP"},
	{0x4, "TIME_WAIT"},
	{0x5, "TIME_ERROR"},
};
const struct constants c_timex_state = {
	"TIME_???", timex_state_list, 6, 0x0, 0,
};
static const struct constant itimer_list[] = {
	{0x0, "ITIMER_REAL"},
	{0x1, "ITIMER_VIRTUAL"},
	{0x2, "ITIMER_PROF"},
};
const struct constants c_itimer = {
	"ITIMER_???", itimer_list, 3, 0x0, 0,
};
