/* Reads lines "TYPE HEX" and prints, for each, the value that asn1c's decoder
   finds in the bytes, as canonical XER on one line, then the bytes that its DER
   encoder makes of that value; or "ERROR" and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <asn_application.h>

extern asn_TYPE_descriptor_t *asn_pdu_collection[];

static asn_TYPE_descriptor_t *find(const char *name) {
	asn_TYPE_descriptor_t **t;
	for (t = asn_pdu_collection; *t; t++)
		if (strcmp((*t)->name, name) == 0)
			return *t;
	return NULL;
}

static int text(const void *b, size_t n, void *unused) {
	(void)unused;
	return fwrite(b, 1, n, stdout) == n ? 0 : -1;
}

static int digits(const void *b, size_t n, void *unused) {
	size_t i;
	(void)unused;
	for (i = 0; i < n; i++)
		printf("%02x", ((const unsigned char *)b)[i]);
	return 0;
}

int main(void) {
	static char line[1 << 20];
	static unsigned char pdu[1 << 19];
	while (fgets(line, sizeof line, stdin)) {
		char *hex = strchr(line, ' ');
		size_t n = 0;
		unsigned byte;
		void *value = NULL;
		asn_TYPE_descriptor_t *type;
		asn_dec_rval_t read;
		if (hex == NULL) {
			printf("ERROR no blank\n");
			continue;
		}
		for (*hex++ = 0; sscanf(hex, "%2x", &byte) == 1; hex += 2)
			pdu[n++] = (unsigned char)byte;
		type = find(line);
		if (type == NULL) {
			printf("ERROR no type %s\n", line);
			continue;
		}
		read = ber_decode(NULL, type, &value, pdu, n);
		if (read.code != RC_OK || read.consumed != n) {
			printf("ERROR %s at byte %ld of %ld\n", type->name, (long)read.consumed, (long)n);
		} else {
			xer_encode(type, value, XER_F_CANONICAL, text, NULL);
			printf("\n");
			der_encode(type, value, digits, NULL);
			printf("\n");
		}
		type->free_struct(type, value, 0);
		fflush(stdout);
	}
	return 0;
}
