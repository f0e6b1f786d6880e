"""System-call filters: two small tables and the assembler that turns them into classic BPF.

The *base* filter binds the server and every child: what nothing inside ever needs. The *child* filter is stacked
in each child right after the fork, and takes away what only the server may do: fork, unshare, signal others.
Servers of commands and the programs they run have two tables of their own, made of the same parts.

Three answers: kill (SIGSYS ends the process, and the supervisor calls it a violation) for what no innocent program
does; EPERM for what libraries try and can do without; ENOSYS for interfaces that are newer than this table, whose
callers fall back to the old ones. Where several filters disagree, the kernel takes the harshest answer.
"""

from __future__ import annotations

import errno
import os
import signal
import struct
from collections.abc import Collection, Iterable

__all__ = ["base_filter", "box_filter", "child_filter", "program_filter", "supported"]

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000

# name -> numbers on x86_64 and aarch64; None where that machine never had the call
NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220),
    "clone3": (435, 435),
    "fcntl": (72, 25),
    "fork": (57, None),
    "ioctl": (16, 29),
    "kill": (62, 129),
    "mmap": (9, 222),
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "prlimit64": (302, 261),
    "rt_sigaction": (13, 134),
    "sched_setaffinity": (203, 122),
    "setpgid": (109, 154),
    "setpriority": (141, 140),
    "setsid": (112, 157),
    "tgkill": (234, 131),
    "tkill": (200, 130),
    "unshare": (272, 97),
    "vfork": (58, None),
}

VIOLATIONS: dict[str, tuple[int | None, int | None]] = {
    "bpf": (321, 280),
    "chroot": (161, 51),
    "delete_module": (176, 106),
    "execve": (59, 221),
    "execveat": (322, 281),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "reboot": (169, 142),
    "setns": (308, 268),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "umount2": (166, 39),
}

REFUSED: dict[str, tuple[int | None, int | None]] = {
    # the network, and new channels of any family
    "accept": (43, 202),
    "accept4": (288, 242),
    "bind": (49, 200),
    "connect": (42, 203),
    "listen": (50, 201),
    "setsockopt": (54, 208),
    "socket": (41, 198),
    # which parts of which files are in memory: a note for the next process, and a way to wipe and to read it
    "fadvise64": (221, 223),
    "mincore": (27, 232),
    "preadv2": (327, 286),
    "readahead": (187, 213),
    # memory that outlives or is shared beyond the process
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mq_getsetattr": (245, 185),
    "mq_notify": (244, 184),
    "mq_open": (240, 180),
    "mq_timedreceive": (243, 183),
    "mq_timedsend": (242, 182),
    "mq_unlink": (241, 181),
    "msgctl": (71, 187),
    "msgget": (68, 186),
    "msgrcv": (70, 188),
    "msgsnd": (69, 189),
    "semctl": (66, 191),
    "semget": (64, 190),
    "semop": (65, 193),
    "semtimedop": (220, 192),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "shmget": (29, 194),
    # other processes
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "pidfd_getfd": (438, 438),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    # corners of the kernel with a long history of holes
    "acct": (163, 89),
    "add_key": (248, 217),
    "fanotify_init": (300, 262),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, None),
    "iopl": (172, None),
    "keyctl": (250, 219),
    "modify_ldt": (154, None),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "request_key": (249, 218),
    "splice": (275, 76),
    "syslog": (103, 116),
    "tee": (276, 77),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
    # the machine
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "clock_settime": (227, 112),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "settimeofday": (164, 170),
    "vhangup": (153, 58),
}

# refused to candidates, and free to programs, which have a folder of their own
PROGRAMS_ONLY: dict[str, tuple[int | None, int | None]] = {
    "setpriority": NUMBERS["setpriority"],
    "socketpair": (53, 199),
    "tkill": NUMBERS["tkill"],
    # files: there is nothing to change, and Landlock does not watch modes, owners, times and attributes
    "chmod": (90, None),
    "chown": (92, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "fremovexattr": (199, 16),
    "fsetxattr": (190, 7),
    "futimesat": (261, None),
    "lchown": (94, None),
    "link": (86, None),
    "linkat": (265, 37),
    "lremovexattr": (198, 15),
    "lsetxattr": (189, 6),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "name_to_handle_at": (303, 264),
    "removexattr": (197, 14),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "rmdir": (84, None),
    "setxattr": (188, 5),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "truncate": (76, 45),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "utime": (132, None),
    "utimensat": (280, 88),
    "utimes": (235, None),
}

# modes, owners, times, attributes: of whatever file its user owns
ATTRIBUTES = (
    *("chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "lchown"),
    *("utime", "utimes", "utimensat", "futimesat"),
    *("setxattr", "fsetxattr", "lsetxattr", "removexattr", "fremovexattr", "lremovexattr"),
)

# what the first process of a box needs to build it and to start a program
BUILDING = ("fsconfig", "fsmount", "fsopen", "mount")
STARTING = ("execve", "execveat")

PROCESS = 0x7FFFFFFF  # never a process id
NEWEST = 450  # set_mempolicy_home_node; all later calls have older ways to do the same
X32 = 0x40000000

CLONE_THREAD, CLONE_NEWUSER = 0x00010000, 0x10000000
CLONE_NEW_ANY = 0x7E020000
SHARED_MEMORY = 0x01 | 0x20  # MAP_SHARED, MAP_ANONYMOUS

# what terminals checks and sockets need; above all not SIOC*, which speaks to the network stack
IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX

# commands of fcntl that have anybody signalled (F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY), and leases (F_SETLEASE)
_FCNTL_SIGNALS = (8, 10, 15, 1024, 1026)

# opening to read and emptying at once: Landlock before version 3 takes it for reading
_TRUNCATE, _ACCESS_MODE = 0o1000, 0o3

# machine -> column of the tables, AUDIT_ARCH_* value
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# classic BPF: code, jump if true, jump if false, operand
_LOAD, _AND, _EQUAL, _ABOVE, _NOT_BELOW, _RETURN = 0x20, 0x54, 0x15, 0x25, 0x35, 0x06
_AT_NUMBER, _AT_ARCHITECTURE, _AT_ARGUMENTS = 0, 4, 16
_Instruction = tuple[int, int, int, int]


def supported() -> bool:
    """Whether filters can be assembled for this machine."""
    return os.uname().machine in _MACHINES


def base_filter() -> bytes:
    """Program for the server and all its children."""
    code = _prologue() + _violations()
    for numbers in (*REFUSED.values(), *PROGRAMS_ONLY.values()):
        code += _rule(numbers, [_return(ERROR | errno.EPERM)])
    code += _named("clone", _only(0, [0], KILL, mask=CLONE_NEW_ANY))
    return _assemble([*code, *_common(), _return(ALLOW)])


def box_filter() -> bytes:
    """Program for a server of commands and all its children, in place of `base_filter`: these build boxes."""
    code = _prologue() + _violations(but=(*BUILDING, *STARTING))
    for numbers in REFUSED.values():
        code += _rule(numbers, [_return(ERROR | errno.EPERM)])
    code += _named("setpriority", _of_itself())
    return _assemble([*code, *_common(), _return(ALLOW)])


def program_filter(*, alone: bool, signals: bool) -> bytes:
    """Program for what runs in a box; ``alone`` in namespaces of its own, ``signals`` where these reach no stranger.

    Nobody may have the kernel reap its children unseen (SIGCHLD ignored): their CPU time would be lost. Memory shared
    without a file is refused, for it outlives the processes it is counted in. Where a box has no namespaces its
    processes must stay in one group, by which they are ended, and change no mode: Landlock does not watch modes.
    """
    code = _prologue()
    for name in BUILDING:
        code += _rule(VIOLATIONS[name], [_return(KILL)])
    code += _named("unshare", [_return(KILL)])
    code += _named("clone", _only(0, [0], KILL, mask=CLONE_NEW_ANY))
    code += _named("mmap", _only(3, [SHARED_MEMORY], ALLOW, mask=SHARED_MEMORY, answer=ERROR | errno.EPERM))
    code += _named("rt_sigaction", _no_new_handler(signal.SIGCHLD))
    if not alone:
        for name in ("setpgid", "setsid"):
            code += _named(name, [_return(ERROR | errno.EPERM)])
        for name in ATTRIBUTES:
            code += _rule(PROGRAMS_ONLY[name], [_return(ERROR | errno.EPERM)])
    for name in () if signals else ("kill", "tgkill", "tkill"):
        code += _named(name, [_return(ERROR | errno.EPERM)])
    return _assemble([*code, _return(ALLOW)])


def child_filter(*, threads: bool) -> bytes:
    """Program for one child, with `PROCESS` in place of its process id; without ``threads`` it stays alone in there."""
    code = _prologue()
    for name in ("fork", "vfork", "unshare"):
        code += _named(name, [_return(KILL)])
    code += _named("kill", [_return(ERROR | errno.EPERM)])
    code += _named("tgkill", _only(0, [PROCESS], ERROR | errno.EPERM))
    thread = ALLOW if threads else ERROR | errno.EAGAIN
    code += _named("clone", _only(0, [CLONE_THREAD], KILL, mask=CLONE_THREAD | CLONE_NEW_ANY, answer=thread))
    return _assemble([*code, _return(ALLOW)])


def _prologue() -> list[_Instruction]:
    """Only this machine's own calling convention, only known calls; leaves the call's number in the accumulator."""
    column, architecture = _MACHINES[os.uname().machine]
    code = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        _return(KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
    ]
    if column == 0:
        code += [(_NOT_BELOW, 0, 1, X32), _return(KILL)]
    return [*code, (_ABOVE, 0, 1, NEWEST), _return(ERROR | errno.ENOSYS)]


def _violations(*, but: Collection[str] = ()) -> list[_Instruction]:
    code: list[_Instruction] = []
    for name, numbers in VIOLATIONS.items():
        if name not in but:
            code += _rule(numbers, [_return(KILL)])
    return code


def _common() -> list[_Instruction]:
    """What servers and children of every kind are held to."""
    code = _named("clone3", [_return(ERROR | errno.ENOSYS)])
    code += _named("openat2", [_return(ERROR | errno.ENOSYS)])
    code += _named("unshare", _only(0, [CLONE_NEWUSER], KILL))
    code += _named("prlimit64", _only(0, [0], ERROR | errno.EPERM))
    code += _named("sched_setaffinity", _only(0, [0], ERROR | errno.EPERM))
    code += _named("ioctl", _only(1, IOCTLS, ERROR | errno.ENOTTY))
    code += _named("fcntl", _only(1, _FCNTL_SIGNALS, ALLOW, answer=ERROR | errno.EPERM))
    for name, flags in (("open", 1), ("openat", 2)):
        code += _named(
            name, _only(flags, [_TRUNCATE], ALLOW, mask=_TRUNCATE | _ACCESS_MODE, answer=ERROR | errno.EPERM)
        )
    return code


def _of_itself() -> list[_Instruction]:
    """A priority is changed of the calling process only, not of another, a group or a user."""
    refused = ERROR | errno.EPERM
    return [(_LOAD, 0, 0, _AT_ARGUMENTS), (_EQUAL, 1, 0, 0), _return(refused), *_only(1, [0], refused)]


def _no_new_handler(number: int) -> list[_Instruction]:
    """Say yes to any new handler of one signal, and set none; reading the old one stays possible."""
    return [
        (_LOAD, 0, 0, _AT_ARGUMENTS),
        (_EQUAL, 1, 0, number),
        _return(ALLOW),
        (_LOAD, 0, 0, _AT_ARGUMENTS + 8),
        (_EQUAL, 1, 0, 0),
        _return(ERROR),
        (_LOAD, 0, 0, _AT_ARGUMENTS + 12),
        (_EQUAL, 1, 0, 0),
        _return(ERROR),
        _return(ALLOW),
    ]


def _named(name: str, body: list[_Instruction]) -> list[_Instruction]:
    return _rule(NUMBERS[name], body)


def _rule(numbers: tuple[int | None, int | None], body: list[_Instruction]) -> list[_Instruction]:
    """``body``, which must end in a return, for one call; nothing where the machine has no such call."""
    number = numbers[_MACHINES[os.uname().machine][0]]
    return [] if number is None else [(_EQUAL, 0, len(body), number), *body]


def _only(
    argument: int, values: Iterable[int], otherwise: int, *, mask: int = 0xFFFFFFFF, answer: int = ALLOW
) -> list[_Instruction]:
    """``answer`` when the low half of an argument, masked, is one of ``values``; else ``otherwise``."""
    code = [(_LOAD, 0, 0, _AT_ARGUMENTS + 8 * argument), (_AND, 0, 0, mask)]
    for value in values:
        code += [(_EQUAL, 0, 1, value), _return(answer)]
    return [*code, _return(otherwise)]


def _return(answer: int) -> _Instruction:
    return (_RETURN, 0, 0, answer)


def _assemble(code: list[_Instruction]) -> bytes:
    return b"".join(struct.pack("<HBBI", *line) for line in code)
