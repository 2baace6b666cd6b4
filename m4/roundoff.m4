dnl SPDX-License-Identifier: MIT
dnl
dnl The checks of configure.ac that are more than one line.  They take the place of autoconf-archive,
dnl so that a build needs autoconf, automake and pkg-config and nothing else.

dnl ROUNDOFF_FLAGS(VARIABLE, FLAGS)
dnl Appends to VARIABLE each of FLAGS that the compiler accepts without a word.
AC_DEFUN([ROUNDOFF_FLAGS],
[roundoff_saved_CFLAGS=$CFLAGS
for roundoff_flag in m4_normalize([$2]); do
  AC_MSG_CHECKING([whether $CC accepts $roundoff_flag])
  dnl clang only warns about a flag that it does not know, hence -Werror.
  CFLAGS="$roundoff_saved_CFLAGS -Werror $roundoff_flag"
  AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
    [AC_MSG_RESULT([yes]); AS_VAR_APPEND([$1], [" $roundoff_flag"])],
    [AC_MSG_RESULT([no])])
done
CFLAGS=$roundoff_saved_CFLAGS
])

dnl ROUNDOFF_REQUIRE(VARIABLE, MODULE, FUNCTION, LIBRARIES, OTHERS, PURPOSE)
dnl Sets VARIABLE_CFLAGS and VARIABLE_LIBS from pkg-config's MODULE; where that is not known, tries
dnl to link FUNCTION with one of LIBRARIES (and OTHERS, which it needs).  Stops without it.
AC_DEFUN([ROUNDOFF_REQUIRE],
[PKG_CHECK_MODULES([$1], [$2], [],
  [roundoff_saved_LIBS=$LIBS
   LIBS=
   AC_SEARCH_LIBS([$3], [$4],
     [$1_LIBS="$LIBS $5"],
     [AC_MSG_ERROR([$2 is needed for $6; `./bootstrap build' installs it])],
     [$5])
   LIBS=$roundoff_saved_LIBS])
])

dnl ROUNDOFF_SANITIZERS(VARIABLE, LIST)
dnl Appends -fsanitize=LIST to VARIABLE, with every finding fatal and traces that can be read.  Stops
dnl if the compiler cannot link with it.
AC_DEFUN([ROUNDOFF_SANITIZERS],
[AC_MSG_CHECKING([whether $CC links with -fsanitize=$2])
roundoff_saved_CFLAGS=$CFLAGS
CFLAGS="$CFLAGS -fsanitize=$2"
AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])
   AC_MSG_ERROR([this compiler has no sanitizers $2])])
CFLAGS=$roundoff_saved_CFLAGS
AS_VAR_APPEND([$1], [" -fsanitize=$2 -fno-sanitize-recover=all -fno-omit-frame-pointer"])
])
