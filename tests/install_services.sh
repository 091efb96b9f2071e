#!/usr/bin/env bash
# Installs what the service's tests drive, PostgreSQL and Chromium, where it may: as root on a machine with apt.
# Elsewhere it does nothing, and those tests are skipped with a line that says how to get them.
set -euo pipefail
wanted=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" > /dev/null || command -v initdb > /dev/null || wanted+=(postgresql)
command -v chromium > /dev/null || command -v chromium-browser > /dev/null || wanted+=(chromium)
[ ${#wanted[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${wanted[@]}" > /dev/null ||
  echo "could not install ${wanted[*]}; their tests are skipped" >&2
