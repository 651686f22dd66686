package io.unitsmith.agent.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A POSIX access control list with one user who may read besides the owner: acl(5), in the form that the kernel has it
 * in the attribute system.posix_acl_access (linux/posix_acl_xattr.h). Java has no other way to it than a system call.
 *
 * @param reader the user; null for a list of another form, or one whose mask keeps the user from reading
 * @param group what the file's group may do; the group bits that stat(2) shows are the list's mask
 */
record AccessList(@Nullable Long reader, int group) {

    private static final String ATTRIBUTE = "system.posix_acl_access";
    private static final int VERSION = 2;
    private static final int USER_OBJ = 0x01;
    private static final int USER = 0x02;
    private static final int GROUP_OBJ = 0x04;
    private static final int MASK = 0x10;
    private static final int OTHER = 0x20;
    private static final int UNDEFINED = -1;
    private static final int READ = 4;
    private static final int LIMIT = 4096;

    private static final int NO_DATA = 61;
    private static final int NOT_SUPPORTED = 95;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SET = function(
            "setxattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT));
    private static final MethodHandle GET = function(
            "lgetxattr",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG));

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    /** Lets one more user read the file. */
    static void set(Path file, int mode, long reader) throws IOException {
        ByteBuffer list = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(VERSION);
        entry(list, USER_OBJ, mode >> 6 & 7, UNDEFINED);
        entry(list, USER, READ, (int) reader);
        entry(list, GROUP_OBJ, mode >> 3 & 7, UNDEFINED);
        entry(list, MASK, READ | (mode >> 3 & 7), UNDEFINED);
        entry(list, OTHER, mode & 7, UNDEFINED);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) SET.invokeExact(
                    state,
                    arena.allocateFrom(file.toString()),
                    arena.allocateFrom(ATTRIBUTE),
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, list.array()),
                    (long) list.capacity(),
                    0);
            if (result != 0) {
                int errno = (int) ERRNO.get(state, 0L);
                throw new IOException(
                        errno == NOT_SUPPORTED
                                ? file.getParent() + " is on a file system without access control lists:"
                                        + " mount it with the option acl"
                                : "setxattr on " + file + ": errno " + errno);
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    private static void entry(ByteBuffer list, int tag, int permissions, int id) {
        list.putShort((short) tag).putShort((short) permissions).putInt(id);
    }

    /** The file's list; null if it has none. */
    static @Nullable AccessList of(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment value = arena.allocate(LIMIT);
            long size = (long) GET.invokeExact(
                    state, arena.allocateFrom(file.toString()), arena.allocateFrom(ATTRIBUTE), value, (long) LIMIT);
            if (size >= 0) {
                return parse(value.asSlice(0, size).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
            }
            int errno = (int) ERRNO.get(state, 0L);
            if (errno == NO_DATA || errno == NOT_SUPPORTED) {
                return null;
            }
            throw new IOException("getxattr on " + file + ": errno " + errno);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }

    private static AccessList parse(ByteBuffer list) {
        list.getInt();
        @Nullable Long reader = null;
        int group = 0;
        int mask = READ;
        int others = 0;
        while (list.remaining() >= 8) {
            int tag = list.getShort();
            int permissions = list.getShort();
            int id = list.getInt();
            if (tag == GROUP_OBJ) {
                group = permissions;
            } else if (tag == USER && permissions == READ) {
                reader = Integer.toUnsignedLong(id);
                others++;
            } else if (tag == MASK) {
                mask = permissions;
            } else if (tag != USER_OBJ && tag != OTHER) {
                others = 2; // named groups, or a user who may do more
            }
        }
        return new AccessList(others == 1 && (mask & READ) != 0 ? reader : null, group);
    }
}
