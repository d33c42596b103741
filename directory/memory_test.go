package directory_test

import (
	"testing"

	"github.com/ctikit/ctikit/directory"
	"github.com/ctikit/ctikit/directory/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) directory.Store { return directory.NewMemory() })
}
