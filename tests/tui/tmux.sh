# SPDX-License-Identifier: MIT
#
# What the terminal tests share; sourced by them.  Each has a tmux server of its own, with one
# window that runs a shell; the explorer is started in it, keys are sent, and the screen is polled
# for a text.  Nothing sleeps for a fixed time.

command -v tmux > /dev/null || { echo "tmux is not installed"; exit 77; }
: "${ROUNDOFF:?is not set}" "${ROUNDOFF_DATA:?is not set}"

servers=0
socket=none
folder=$(mktemp -d) || exit 1
# A socket of our own under the temporary folder, so that nothing is left behind.
TMUX_TMPDIR=$folder
export TMUX_TMPDIR ROUNDOFF ROUNDOFF_DATA
unset TMUX NO_COLOR
trap 'tm kill-server 2> /dev/null; rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM

tm() {
    tmux -L "$socket" -f /dev/null "$@"
}

# begin [LOCALE [TERM [WIDTH HEIGHT]]]: a shell in a window.
begin() {
    tm kill-server 2> /dev/null
    # A server takes a while to go: the next has a socket of its own.
    servers=$((servers + 1))
    socket=roundoff-test-$servers
    LC_ALL=C.UTF-8 tm -u new-session -d -x "${3:-80}" -y "${4:-24}" \
        "exec env LC_ALL=${1:-C.UTF-8} TERM=${2:-screen-256color} PS1='ready> ' ENV= sh -i" ||
        { echo "tmux does not start"; exit 77; }
    tm set-option -g escape-time 0
    wait_for 'ready>'
}

# Keys by tmux's names; text -l is sent as it is.
keys() {
    tm send-keys "$@"
}

# A command line for the shell.
run() {
    tm send-keys -l "$1"
    tm send-keys Enter
}

screen() {
    tm capture-pane -p "$@"
}

fail() {
    echo "$*; the screen is:"
    screen
    exit 1
}

# poll COMMAND...: true as soon as the command is, false after ten seconds.
poll() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || return 1
        sleep 0.05
    done
}

shows() {
    screen | grep -q -e "$1"
}

shows_not() {
    ! shows "$1"
}

wait_for() {
    poll shows "$1" || fail "\"$1\" does not appear"
}

wait_gone() {
    poll shows_not "$1" || fail "\"$1\" does not vanish"
}

# Starts the explorer on a model, by default the bundled one, and waits for exact figures.
explore() {
    run "clear; \$ROUNDOFF $1"
    wait_for 'SQNR.*measured'
    wait_for '4 bits'
}

# The number of the process that runs in the window's foreground.
explorer() {
    ps -o pid= --ppid "$(tm display-message -p '#{pane_pid}')" | tr -d ' '
}

alternate() {
    [ "$(tm display-message -p '#{alternate_on}')" = "$1" ]
}

# The terminal's settings into a file, by a shell command.
settings() {
    rm -f "$folder/$1"
    run "clear; stty -a > $folder/$1; echo settings-'$1'"
    wait_for "settings-$1"
}

# Asserts that the terminal is as it was when `settings before` was called.
same_terminal() {
    poll alternate 0 || fail "the alternate screen is still on"
    settings after
    cmp -s "$folder/before" "$folder/after" || {
        diff "$folder/before" "$folder/after"
        fail "the terminal's settings have changed"
    }
    [ "$(tm display-message -p '#{cursor_flag}')" = 1 ] || fail "the cursor is hidden"
}
