#!/usr/bin/env bash
# A tour of the demo lab with curl, openssl, oathtool and coreutils: every step checks what it shows.
#
#   docs/tour.sh [URL [CA-FILE]]      (https://localhost:8443 and data/pki/ca.pem)
#
# It can be run again on the same lab. docs/tour.md explains each stop.
set -euo pipefail
export LC_ALL=C

url=${1:-https://localhost:8443}
ca=${2:-data/pki/ca.pem}

# The demo lab's units and codes (Config/registry.yaml).
alone=FAC-VM0000000001
primary=FGT60FTK20000001
secondary=FGT60FTK20000002
code_of_alone=3C4D-5E6F-7081-92A3-B4C5
code_of_pair=0F1E-2D3C-4B5A-6978-8796
code_of_secondary=2B3C-4D5E-6F70-8192-A3B4
zeros=0000-0000-0000-0000-0000
phone=5AD4C27E90B1F368

stop() { printf '\n== %s\n' "$*"; }
say() { printf '   %s\n' "$*"; }
fail() {
    printf 'tour: %s\n' "$*" >&2
    exit 1
}

for tool in curl openssl oathtool base32 base64 od; do
    command -v "$tool" >/dev/null || fail "$tool is needed and not installed"
done
[[ -r $ca ]] || fail "$ca, the lab CA, cannot be read: is the server running?"

# --- speaking to the service

# post METHOD BODY: the answer's body.
post() {
    curl -q --silent --show-error --fail-with-body --noproxy '*' --max-time 20 --cacert "$ca" \
        --header 'Content-Type: application/json; charset=utf-8' --data-binary "$2" \
        "$url/SoftToken/Provisioning.asmx/$1"
}

# head_of TYPE SERIAL [PEER]...: what every request to /Process begins with.
head_of() {
    local type=$1 serial=$2 members='' sn
    shift
    for sn in "$@"; do members+="${members:+,}{\"sn\":\"$sn\"}"; done
    printf '"__type":"SoftToken.%sRequest","__version":"4","serial_number":"%s","__device_version":"7.0",' \
        "$type" "$serial"
    printf '"__device_build":"2573","__clustered_sns":[%s]' "$members"
}

# redeem CODE SERIAL [PEER]...
redeem() {
    local code=$1
    shift
    post Process "{\"d\":{$(head_of ActivationLicense "$@"),\"license_activation_code\":\"$code\"}}"
}

# provision TOKEN SEED SERIAL [PEER]...
provision() {
    local token=$1 seed=$2
    shift 2
    post Process "{\"d\":{$(head_of Provision "$@"),\"tokens\":[{\"token\":\"$token\",\"seed\":\"$seed\",$(
        printf '"code_expire":4320,"type":"totp","period":60,"digits":6'
    )}]}}"
}

# poll TOKEN SERIAL [PEER]...
poll() {
    local token=$1
    shift
    post Process "{\"d\":{$(head_of Polling "$@"),\"tokens\":[{\"token\":\"$token\"}]}}"
}

# --- reading answers, which are compact JSON

# all NAME TEXT: every text value of that name, one a line.
all() { grep -o "\"$1\":\"[^\"]*\"" <<<"$2" | sed 's/^[^:]*:"//; s/"$//'; }

# one NAME TEXT: the first of them.
one() {
    local values
    values=$(all "$1" "$2") || fail "no \"$1\" in $2"
    printf '%s\n' "${values%%$'\n'*}"
}

# expect WHAT TEXT: shows that part of an answer, or ends the tour.
expect() {
    [[ $2 == *"$1"* ]] || fail "expected $1 in $2"
    say "answered: $1"
}

# --- the phone

# hex: standard input as hexadecimal digits.
hex() { od -An -v -tx1 | tr -d ' \n'; }

# activate CODE: redeems a 16-character activation code as a phone, and prints the seed that it was given.
#
# The code is Base32 of ten bytes: two of parameters, and eight whose hexadecimal digits go over the wire.
activate() {
    local digits answer sealed
    digits=$(printf %s "$1" | base32 -d | hex | cut -c5-20)
    answer=$(post Mobile "{\"d\":{\"__type\":\"SoftToken.MobileProvisionRequest\",\"mobile_id\":\"$phone\",$(
        printf '"token_activation_code":"%s","reg_id":"%064d","os_ver":"5.4.2_IOS"' "${digits^^}" 7
    )}}")
    sealed=$(one seed "$answer")
    printf %s "$sealed" | base64 -d | openssl enc -d -aes-128-cbc -nopad \
        -K "$(printf %s "${phone:0:16}" | hex)" -iv "$(printf %s fortitokenmobile | hex)" | tr -d '\0'
}

# password SEED TIME: the one-time password of a 60-second token.
password() { oathtool --totp=sha1 --digits=6 --time-step-size=60s --now="$2" "$1"; }

# story TOKEN SERIAL [PEER]...: a token's way from a seed to a phone that shows its passwords.
story() {
    local token=$1 seed answer code received now on_phone on_unit
    shift
    seed=$(openssl rand -hex 20)
    seed=${seed^^}
    answer=$(provision "$token" "$seed" "$@")
    code=$(one token_activation_code "$answer")
    say "provisioned $token; its activation code is $code"
    expect '"status":"pending"' "$(poll "$token" "$@")"
    received=$(activate "$code")
    [[ $received == "$seed" ]] || fail "the phone got another seed than the unit lodged"
    say "the phone $phone redeemed it and opened the sealed seed"
    now=$(date -u '+%Y-%m-%d %H:%M:%S UTC')
    on_unit=$(password "$seed" "$now")
    on_phone=$(password "$received" "$now")
    [[ $on_phone == "$on_unit" ]] || fail "the phone shows $on_phone, the unit expects $on_unit"
    say "the phone shows $on_phone, and so does the unit"
    answer=$(poll "$token" "$@")
    expect '"status":"provisioned"' "$answer"
    expect '"os_ver":"5.4.2_IOS"' "$answer"
}

# --- the tour

stop "A unit alone redeems a code and puts a token on a phone"
answer=$(redeem "$code_of_alone" "$alone")
license=$(one license "$answer")
tokens=$(all token "$answer")
say "$alone holds $license with ${tokens//$'\n'/ }"
story "${tokens%%$'\n'*}" "$alone"

stop "A code that was used once works for ever"
say "the code of $license was to be used by 2023-03-31; it was in time, so it just worked again"
again=$(all token "$(redeem "$code_of_alone" "$alone")")
[[ $again == "$tokens" ]] || fail "the same code gave other tokens: $again"
say "and again: the same tokens"

stop "A code that was never used ends with its date"
expect '"error":{"error_code":14,"error_message":"forticare license expired"}' \
    "$(redeem DA8C-0508-1F31-4CF7-C990 FG4H0ETB20900993 FG4H0E5819900260)"

stop "A cluster redeems a code through its primary"
answer=$(redeem "$code_of_pair" "$primary" "$secondary")
license=$(one license "$answer")
mapfile -t tokens <<<"$(all token "$answer")"
say "$primary and $secondary hold $license with ${tokens[*]}"
story "${tokens[0]}" "$primary" "$secondary"

stop "After a failover the secondary asks, and lists the primary"
expect '"status":"provisioned"' "$(poll "${tokens[0]}" "$secondary" "$primary")"
story "${tokens[1]}" "$secondary" "$primary"

stop "A secondary that does not list the primary has nothing"
expect '"error":{"error_code":31,"error_message":"token does not belong to product"}' \
    "$(poll "${tokens[0]}" "$secondary")"

stop "A license that was registered to the peer fails on the primary"
expect '"error":{"error_code":903,"error_message":"license is registered to another product"}' \
    "$(redeem "$code_of_secondary" "$primary" "$secondary")"
say "on $secondary itself it works: $(one license "$(redeem "$code_of_secondary" "$secondary")")"

stop "Two trial tokens, imported twice"
first=$(redeem "$zeros" "$primary")
say "$(one license "$first") with $(all token "$first" | paste -sd " ")"
second=$(redeem "$zeros" "$primary")
[[ $second == "$first" ]] || fail "the second import gave $second"
say "imported again: the same two"

stop "An activation code is for one phone"
code=$(one token_activation_code "$(provision "${tokens[2]}" "$(openssl rand -hex 20 | tr a-f A-F)" "$primary" "$secondary")")
activate "$code" >/dev/null
say "$phone redeemed $code"
phone=00000000DEADBEEF
expect '"error":{"error_code":40,"error_message":"FTM token Activation Code is invalid"}' \
    "$(post Mobile "{\"d\":{\"__type\":\"SoftToken.MobileProvisionRequest\",\"mobile_id\":\"$phone\",$(
        printf '"token_activation_code":"%s"' "$(printf %s "$code" | base32 -d | hex | cut -c5-20)"
    )}}")"

stop "The end: every answer was as told"
