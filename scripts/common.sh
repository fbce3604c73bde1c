# Shared by ./run and ./test; sourced with the project folder as the working folder.

SYSTEM_PACKAGES="python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
PYTHON=.venv/bin/python

say() { printf '%s\n' "$*"; }
step() { printf '\033[1m→\033[0m %s\n' "$*"; }
warn() { printf '\033[33m! %s\033[0m\n' "$*" >&2; }
stop() {
  printf '\033[31m✗ %s\033[0m\n' "$*" >&2
  exit 1
}
if [ ! -t 1 ]; then
  step() { printf '%s\n' "→ $*"; }
fi
if [ ! -t 2 ]; then
  warn() { printf '%s\n' "! $*" >&2; }
  stop() {
    printf '%s\n' "✗ $*" >&2
    exit 1
  }
fi

# Prints the packages of the given list that this Debian lacks; nothing on another system.
missing_packages() {
  command -v dpkg-query >/dev/null || return 0
  local package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done
}

apt_line() { say "apt-get update && apt-get install -y --no-install-recommends $*"; }

install_packages() {
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

# Finds a Python the project supports, one that can make a virtual environment first.
find_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
      2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}

# Byte code, caches and temporary files stay in .venv and the data folder.
keep_writes_inside() { # keep_writes_inside <data folder>
  mkdir -p "$1/tmp" "$1/cache" "$1/logs"
  export PYTHONPYCACHEPREFIX="$PWD/.venv/pycache" PYTHONUTF8=1
  export TMPDIR="$1/tmp" XDG_CACHE_HOME="$1/cache"
}

# Makes .venv and installs one lock file into it; remembers the file's digest, so that the next
# start has nothing to do.
ensure_venv() { # ensure_venv <lock file>
  local lock=$1 stamp=.venv/installed-$1 digest python
  digest=$(sha256sum <"$lock")
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ] && "$PYTHON" -c '' 2>/dev/null; then
    return 0
  fi
  if ! "$PYTHON" -m pip --version >/dev/null 2>&1; then
    if ! python=$(find_python); then
      warn "缺少 Python 3.11–3.13 或其 venv 模块。请安装后再运行 (Python 3.11 with venv is needed):"
      apt_line "$SYSTEM_PACKAGES" >&2
      exit 1
    fi
    step "建立 Python 环境 .venv（creating the virtual environment）"
    rm -rf .venv
    "$python" -m venv .venv || stop "无法建立 .venv"
  fi
  step "安装依赖 $lock（installing, each file checked by its hash）"
  "$PYTHON" -m pip install -qq --disable-pip-version-check --no-cache-dir --require-hashes -r "$lock" ||
    stop "依赖安装失败（pip install failed）；修复后重新运行即可继续"
  printf '%s\n' "$digest" >"$stamp"
}
