# Sourced by the scripts beside it: progress, privileges, packages.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
run_dir=$here/.run
mkdir -p "$run_dir"
export DEBIAN_FRONTEND=noninteractive

say() { echo "[testbed] $*" >&2; }
fail() { say "$*"; exit 1; }

# step "what, and how long" command...: a line before, one each half minute, and one after; the output only when it fails
step() {
  local what=$1 log started=$SECONDS next=30 pid
  shift
  log=$(mktemp "$run_dir/step.XXXXXX")
  say "$what ..."
  # in the background, where a function's own commands still end it when they fail
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - started)) -ge $next ]; then
      say "  $next s ..."
      next=$((next + 30))
    fi
  done
  if ! wait "$pid"; then
    tail -n 40 "$log" >&2
    fail "$what: failed after $((SECONDS - started)) s; the whole output is in $log"
  fi
  rm -f "$log"
  if [ $((SECONDS - started)) -ge 5 ]; then say "  done in $((SECONDS - started)) s"; fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else fail "this needs root: run it as root, or install sudo"; fi
}

apt_update() {
  # once an hour is enough
  if [ -z "$(find "$run_dir/apt-updated" -mmin -60 2>/dev/null)" ]; then
    step "updating the list of packages" as_root apt-get -qq update
    touch "$run_dir/apt-updated"
  fi
}

has_package() { apt-cache show "$1" >/dev/null 2>&1; }

install_packages() {
  command -v apt-get >/dev/null || fail "install $* (this machine has no apt-get, so this script cannot)"
  apt_update
  step "installing $*" as_root apt-get -qq install -y --no-install-recommends "$@"
}
