# Provisions an Active Directory domain below $1 and readies it for start; users
# come from the LDIF $2. Certificates (ca.pem, cert.pem, key.pem) are in $3.
set -eu
dir=$1 users=$2 tls=$3
samba-tool domain provision --realm=AD.EXAMPLE.TEST --domain=ADEX --adminpass='Passw0rd!' --server-role=dc \
	--dns-backend=NONE --use-rfc2307 --host-name=dc1 --host-ip=127.0.0.1 --targetdir="$dir"
conf="$dir/etc/smb.conf"
mkdir -p "$dir/run" "$dir/ncalrpc"
sed -i "s|^\tserver services.*|\tserver services = ldap, cldap, kdc, rpc|" "$conf"
sed -i "/^\[global\]/a\\\\tinterfaces = lo\n\tbind interfaces only = yes\n\tpid directory = $dir/run\n\tncalrpc dir = $dir/ncalrpc\n\tldap server require strong auth = no\n\tdisable netbios = yes\n\ttls keyfile = $tls/key.pem\n\ttls certfile = $tls/cert.pem\n\ttls cafile = $tls/ca.pem" "$conf"
samba-tool domain passwordsettings set -s "$conf" --complexity=off --min-pwd-age=0 --min-pwd-length=4
ldbadd -H "$dir/private/sam.ldb" "$users"
samba-tool user create reader 'Read-Passw0rd' -s "$conf"
